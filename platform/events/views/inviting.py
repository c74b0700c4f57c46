"""Organizers invite: one person, many by a code, or a whole list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events import actions, invitation_list
from events.forms import InvitationForm, InvitationListForm
from events.models import Invitation
from events.views import fetch_run
from theme import spreadsheet
from theme.refusal import Refused


@login_required
def invitations(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    with timezone.override(found.zone):
        form = InvitationForm(request.POST or None, event=found, instance=Invitation(event=found))
        if request.method == "POST" and form.is_valid():
            try:
                actions.invite(request.user, found, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The invitation is made."))
                return redirect("events:invitations", event=found.slug)
    rows = found.invitations.select_related("track")
    if words := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(email__startswith=words.lower())
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"event": found, "form": form, "page": page, "base": request.build_absolute_uri("/")}
    return render(request, "events/invitations.html", context | {"now": timezone.now()})


@login_required
def invitation_import(request: Visit, event: str) -> HttpResponse:
    """First a dry run that names every problem by its line, then the same list in earnest."""
    found = fetch_run(request, event)
    with timezone.override(found.zone):
        form = InvitationListForm(request.POST or None, request.FILES or None)
        valid = request.method == "POST" and form.is_valid()
    lines = []
    if valid:
        text, until = form.cleaned_data["text"], form.cleaned_data["expires_at"]
        lines = invitation_list.read(request.user, found, text)
        form = InvitationListForm(initial={"text": text, "expires_at": until})
    wrong = [line for line in lines if line.problems]
    if lines and not wrong and request.POST.get("send"):
        sent = actions.invite_all(request.user, found, lines, expires_at=until)
        said = ngettext("%(n)d person is invited.", "%(n)d people are invited.", sent)
        messages.success(request, said % {"n": sent})
        return redirect("events:invitations", event=found.slug)
    context = {"event": found, "form": form, "lines": lines, "wrong": wrong}
    return render(request, "events/invitation_import.html", context)


@login_required
@require_POST
def withdraw(request: Visit, event: str, invitation: int) -> HttpResponse:
    found = fetch_run(request, event)
    row = get_object_or_404(found.invitations, pk=invitation)
    actions.withdraw_invitation(request.user, row)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("events:invitations", event=found.slug)


@login_required
def invitation_export(request: Visit, event: str) -> StreamingHttpResponse:
    found = fetch_run(request, event)
    actions.take_away(request.user, found, what="invitations.csv")
    header = ["email", "name", "role", "track", "uses", "used", "valid_until", "link"]
    rows = (
        [
            *(row.email, row.name, row.role, row.track.slug if row.track else ""),
            *(row.uses, row.used, row.expires_at),
            request.build_absolute_uri(row.get_absolute_url()),
        ]
        for row in found.invitations.select_related("track").iterator(chunk_size=1000)
    )
    return spreadsheet.download(f"{found.slug}-invitations.csv", header, rows)
