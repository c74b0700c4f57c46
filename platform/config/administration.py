"""Django's admin (with django-unfold) for the site's own administrators.

What may be looked at says config.looking: the site's own tables always, those of an event after a
reason. Nothing can be changed, but that accounts are closed and opened again: changes are made by
the rooms' verbs, which check rules and write the audit trail. Who is no administrator gets 404, who
is not signed in signs in on the site's own page, second factor included.

Unfold's pages run on Alpine, which evaluates text as code, and carry styles in the page. So its
pages, and no others, have a policy of their own that allows these two things.
"""

from collections.abc import Callable
from typing import Any, cast

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.admin import action as admin_action
from django.contrib.auth.views import redirect_to_login
from django.db.models import Field, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.actions import close_account
from accounts.models import User
from config.looking import KEY, looking_at, needs_reason, readable
from events.actions import look_into
from events.models import Event
from theme.refusal import Refused

POLICY = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "default-src": [NONE],
}
SECRET = (
    *(
        "password",
        "token",
        "code",
        "key",
        "secret",
        "ticket",
        "invite_code",
        "session_key",
        "digest",
    ),
    *("text", "html", "private_note", "voice"),
)
ROOMS = ("platform", "submissions", "anomaly", "judging")
COLUMNS = 6
CSP_UPDATE = "_csp_update"  # where django-csp looks for what a view adds


class Site(UnfoldAdminSite):  # type: ignore[misc]
    site_header = site_title = "Podium"

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        inner = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise Http404
            response: HttpResponseBase = inner(request, *args, **kwargs)
            setattr(response, CSP_UPDATE, POLICY)
            return response

        return answer

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site has one way to sign in."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect_to_login(request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        raise Http404

    password_change = password_change_done = logout

    def extra_urls(self) -> list[URLPattern]:
        return [path("look/", self.admin_view(self.look), name="look")]

    def look(self, request: HttpRequest) -> HttpResponse:
        """Which event to look into, and why; or that the looking is over."""
        form = LookForm(request.POST if request.POST.get("event") is not None else None)
        if "end" in request.POST:
            request.session.pop(KEY, None)
        elif form.is_valid() and form.look(request):
            return redirect("admin:index")
        context = {"form": form, "event": looking_at(request), "title": _("Look into an event")}
        return render(request, "admin/look.html", self.each_context(request) | context)


class LookForm(forms.Form):
    event = forms.SlugField(
        label=_("Event"),
        help_text=_("As it stands in the addresses of its pages: /events/…/"),
        widget=UnfoldAdminTextInputWidget,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextInputWidget)

    def look(self, request: HttpRequest) -> bool:
        """Whether the administrator may look now; else the form says why not."""
        event = Event.objects.filter(slug=self.cleaned_data["event"]).first()
        if event is None:
            self.add_error("event", _("There is no event with this address."))
            return False
        try:
            reason = self.cleaned_data["reason"]
            entry = look_into(cast(User, request.user), event, reason=reason)
        except Refused as refused:
            self.add_error("reason", str(refused))
            return False
        request.session[KEY] = entry.pk
        return True


class ReadOnly(ModelAdmin):  # type: ignore[misc]
    """A page to look at. What a verb must do, a verb does."""

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return readable(super().get_queryset(request), request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if needs_reason(self.model) and looking_at(request) is None:
            return redirect("admin:look")
        return cast(HttpResponse, super().changelist_view(request, extra_context))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)


def _close(request: HttpRequest, accounts: QuerySet[User], closed: bool) -> None:
    for account in accounts:
        try:
            close_account(cast(User, request.user), account, closed=closed)
        except Refused as refused:
            messages.error(request, f"{account}: {refused}")


class Accounts(ReadOnly):
    """The one thing to do here: nobody but the site's administrators can close an account."""

    actions = ["close_accounts", "open_accounts"]

    @admin_action(description=_("Close the chosen accounts"), permissions=["view"])
    def close_accounts(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        _close(request, accounts, closed=True)

    @admin_action(description=_("Open the chosen accounts again"), permissions=["view"])
    def open_accounts(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        _close(request, accounts, closed=False)


site = Site(name="admin")


def register_all() -> None:
    """Every table of the rooms; secrets and what people said in confidence are left out."""
    for model in apps.get_models():
        if not model._meta.proxy and _is_ours(model) and not site.is_registered(model):
            site.register(model, _page(model))


def _is_ours(model: type[Model]) -> bool:
    return not model.__module__.startswith(("django.", "allauth."))


def _page(model: type[Model]) -> type[ReadOnly]:
    shown = [field for field in model._meta.concrete_fields if field.name not in SECRET]
    listed = [field.name for field in shown if _fits_a_column(field)][:COLUMNS]
    searched = [f.name for f in shown if f.name in ("name", "email", "slug", "title", "address")]
    attributes = {
        "fields": [field.name for field in shown],
        "list_display": ["__str__", *listed],
        "list_select_related": True,
        "search_fields": searched,
        "__module__": __name__,
    }
    base = Accounts if model is User else ReadOnly
    return type(f"{model.__name__}Page", (base,), attributes)


def _fits_a_column(field: Field) -> bool:  # type: ignore[type-arg]
    return field.get_internal_type() not in ("TextField", "JSONField", "BinaryField", "UUIDField")
