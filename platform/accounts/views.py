import tempfile

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.views import signup
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, personal_data, pictures, tokens
from accounts.forms import EraseForm, PictureForm, ProfileForm, TokenForm
from accounts.models import User
from accounts.requests import Visit
from theme.refusal import Refused

IN_MEMORY = 2**20  # bytes of an archive; what is larger goes to a temporary file


def sign_up(request: HttpRequest) -> HttpResponse:
    """Account, address and the mail that asks to confirm it in one transaction: all or nothing."""
    answer: HttpResponse
    try:
        with transaction.atomic():
            answer = signup(request)
    except IntegrityError:  # the same address at the same moment: by now it is a known one
        answer = signup(request)
    return answer


@login_required
def profile(request: Visit) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        zone = data.pop("timezone")
        actions.update_profile(request.user, request.user, zone=zone, **data)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return _profile(request, form, PictureForm())


@login_required
@require_POST
def change_picture(request: Visit) -> HttpResponse:
    remove = "remove" in request.POST
    form = PictureForm(None if remove else request.POST, None if remove else request.FILES)
    if remove or form.is_valid():
        try:
            upload = None if remove else form.cleaned_data["picture"]
            actions.change_picture(request.user, request.user, upload=upload)
            return redirect("accounts:profile")
        except Refused as refusal:
            form.add_error("picture", str(refusal))
    return _profile(request, ProfileForm(instance=request.user), form)


def _profile(request: Visit, form: ProfileForm, picture_form: PictureForm) -> HttpResponse:
    context = {"form": form, "picture_form": picture_form}
    return render(request, "accounts/profile.html", context)


@login_required
def picture(request: Visit, name: str) -> FileResponse:
    """Whoever is signed in may see it; its name cannot be guessed."""
    if not User.objects.filter(picture=name).exclude(picture="").exists():
        raise Http404
    try:
        return FileResponse(pictures.path(name).open("rb"), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None


@login_required
def data(request: Visit) -> HttpResponse:
    return render(request, "accounts/data.html", {"form": EraseForm(account=request.user)})


@reauthentication_required  # type: ignore[untyped-decorator]
def download(request: Visit) -> FileResponse:
    """All that is held about the person, as JSON and files."""
    archive = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    personal_data.write_archive(request.user, archive)
    archive.seek(0)
    return FileResponse(archive, as_attachment=True, filename="my-data.zip")


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def erase(request: Visit) -> HttpResponse:
    form = EraseForm(request.POST, account=request.user)
    if not form.is_valid():
        return render(request, "accounts/data.html", {"form": form})
    actions.erase(request.user, request.user)
    logout(request)
    messages.success(request, _("Your account is erased. Nothing here names you any more."))
    return redirect("events:list")


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def deactivate(request: Visit) -> HttpResponse:
    address = request.user.email
    text = actions.deactivate(request.user, request.user)
    way_back = request.build_absolute_uri(reverse("accounts:reactivate", args=[text]))
    get_adapter().send_mail("accounts/mail/deactivated", address, {"way_back": way_back})
    logout(request)
    messages.success(request, _("Your account is deactivated. We mailed you the way back."))
    return redirect("events:list")


def reactivate(request: HttpRequest, text: str) -> HttpResponse:
    """From the mail. A page with a button, because mail programs open links by themselves."""
    if request.method != "POST":
        return render(request, "accounts/reactivate.html")
    actions.reactivate(text)
    messages.success(request, _("Your account is open again. Sign in as before."))
    return redirect("account_login")


@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@login_required
def token_list(request: Visit) -> HttpResponse:
    """The person's tokens, and a form for one more; its text is in this one answer only."""
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, text = tokens.create_token(request.user, request.user, **form.cleaned_data)
            form = TokenForm()
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "text": text, "tokens": request.user.tokens.all()}
    return render(request, "accounts/tokens.html", context)


@login_required
@require_POST
def revoke_token(request: Visit, token: int) -> HttpResponse:
    mine = get_object_or_404(request.user.tokens, pk=token)
    tokens.revoke_token(request.user, mine)
    messages.success(request, _("The token “%(name)s” is ended.") % {"name": mine.name})
    return redirect("accounts:tokens")
