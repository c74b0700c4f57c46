from typing import Any

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.requests import Visit
from events.rules import can_run
from submissions.entries import rules, traces, votes, windows
from submissions.entries.differences import changed
from submissions.entries.drafting import working_values
from submissions.entries.handing_in import checklist
from submissions.entries.links import PLAYERS, address_of, host_of
from submissions.entries.models import EntryType, Submission
from submissions.entries.reading import Reading, for_judge, for_organizer, for_public, for_reader
from submissions.entries.views.fetching import fetch_own, fetch_visible


def detail(request: Visit, event: str, pk: object) -> HttpResponse:
    """One submission: the authors' page of it, or what another reader may see."""
    submission = fetch_visible(request, event, pk)
    if rules.is_author(request.user, submission):
        return render(request, "entries/detail.html", _own(submission))
    given = submission.readers.filter(user_id=request.user.pk).exists()
    runs = can_run(request.user, submission.event)
    reading = for_organizer(submission) if runs else _for(submission, given)
    context = {
        "event": submission.event,
        "reading": reading,
        "evidence": runs or given,
        "runs": runs,
        "proposal": submission.entry_type.kind == EntryType.Kind.PROPOSAL,
    }
    if runs:
        context["submission"] = submission
    return render(request, "entries/reading.html", context | _shared(request, submission))


def _shared(request: Visit, submission: Submission) -> dict[str, Any]:
    """What a page that everybody may see tells those who link to it, and whether visitors vote."""
    if not Submission.objects.public().filter(pk=submission.pk).exists():
        return {}
    event = submission.event
    image = reverse("entries:picture", args=[event.slug, submission.pk])
    return {
        "shared": True,
        "address": request.build_absolute_uri(submission.get_absolute_url()),
        "picture": request.build_absolute_uri(image),
        "voting": request.user.is_authenticated and votes.is_voting(event),
        "votes": votes.published(event).get(submission.pk),
        "voted": submission.votes.filter(voter_id=request.user.pk).exists(),
    }


def _for(submission: Submission, given: bool) -> Reading:
    return for_judge(submission) if given else for_public(submission)


def _own(submission: Submission) -> dict[str, Any]:
    return {
        "event": submission.event,
        "submission": submission,
        "reading": for_organizer(submission),
        "can_edit": rules.is_writable(submission),
        "proposal": submission.entry_type.kind == EntryType.Kind.PROPOSAL,
        "checklist": checklist(submission),
        "traces": traces.told(submission, working_values(submission)),
        "versions": submission.versions.select_related("submitted_by"),
        "copy": getattr(submission, "working_copy", None),
        "closing": submission.entry_type.closing(),
        "granted": windows.running_until(submission),
    }


@csp_update({"frame-src": list(PLAYERS)})  # type: ignore[arg-type]  # its stub knows no arguments
def watch(request: Visit, event: str, pk: object) -> HttpResponse:
    """The video of a known provider: the one page that lets its player in, and only when asked."""
    submission = fetch_visible(request, event, pk)
    reading = for_reader(request.user, submission)
    if reading.video is None:
        raise Http404
    context = {
        "event": submission.event,
        "reading": reading,
        "back": submission.get_absolute_url(),
    }
    return render(request, "entries/watch.html", context)


def leave(request: Visit) -> HttpResponse:
    """Before somebody follows a link out of a submission: where it leads (B55)."""
    try:
        address = address_of(request.GET.get("to", ""))
    except BadSignature:
        raise Http404 from None
    context = {"address": address, "host": host_of(address)}
    return render(request, "entries/leave.html", context)


@login_required
def preview_as(request: Visit, event: str, pk: object, reader: str) -> HttpResponse:
    """What judges, or everybody, will see of what is written now."""
    submission = fetch_own(request, event, pk)
    made = {"judge": for_judge, "public": for_public}.get(reader)
    if made is None:
        raise Http404
    context = {
        "event": submission.event,
        "submission": submission,
        "reader": reader,
        "reading": made(submission, stored=True),
    }
    return render(request, "entries/preview_as.html", context)


@login_required
def version(request: Visit, event: str, pk: object, number: int) -> HttpResponse:
    """One version with its receipt, and what changed since the one before it."""
    submission = fetch_visible(request, event, pk)
    if not (rules.is_author(request.user, submission) or can_run(request.user, submission.event)):
        raise Http404
    shown = get_object_or_404(submission.versions.select_related("submitted_by"), number=number)
    before = submission.versions.filter(number__lt=number).first()
    context = {
        "event": submission.event,
        "submission": submission,
        "version": shown,
        "before": before,
        "changes": _labelled(submission, changed(before.content if before else {}, shown.content)),
    }
    return render(request, "entries/version.html", context)


def _labelled(submission: Submission, changes: dict[str, Any]) -> list[tuple[str, Any]]:
    names = {field.name: field for field in Submission._meta.get_fields()}
    return [
        (str(getattr(names.get(name), "verbose_name", name)), pieces)
        for name, pieces in changes.items()
    ]
