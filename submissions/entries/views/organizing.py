import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from events.views import fetch_run
from submissions.entries import actions, deciding, duplicates, organizing
from submissions.entries.exporting import as_csv, as_data
from submissions.entries.models import Decision, DraftDecision, Submission
from submissions.entries.table import TableForm, furnished, page_of, rows
from submissions.entries.views.fetching import fetch_own
from submissions.entries.views.fetching import fetch_run as fetch_one
from theme.refusal import Refused

A_PAGE = 50
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
BULK = {
    "draft:accepted": gettext_lazy("Draft: accept"),
    "draft:waitlisted": gettext_lazy("Draft: waitlist"),
    "draft:rejected": gettext_lazy("Draft: reject"),
    "draft:": gettext_lazy("Take the draft decision back"),
    "move:under_review": gettext_lazy("Put under review"),
    "label": gettext_lazy("Add the label"),
    "unlabel": gettext_lazy("Take the label off"),
    "track": gettext_lazy("Move to the category"),
}


@login_required
def organizer_list(request: Visit, event: str) -> HttpResponse:
    """The table: filters, columns of choice, and what to do with the chosen rows."""
    found = fetch_run(request, event)
    form = TableForm(request.GET, event=found)
    page = page_of(form, request.GET.get("page"), size=A_PAGE)
    shown = form.columns_shown()
    counts = found.submissions
    context = {
        "event": found,
        "form": form,
        "page_obj": page,
        "columns": shown,
        "order": form.order_asked(),
        "rows": [(one, [column.cell(one) for column in shown.values()]) for one in page],
        "drafts": counts.filter(state=Submission.State.DRAFT).count(),
        "drafted": DraftDecision.objects.filter(submission__event=found).count(),
        "decides": found.entry_types.filter(decided=True).exists(),
        "filters": found.submission_filters.all(),
        "bulk": BULK,
        "tracks": found.tracks.all(),
        "query": _query(request),
    }
    return render(request, "entries/list.html", context)


def _query(request: Visit) -> str:
    """What the address asks for, without the page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


@login_required
@require_POST
def bulk(request: Visit, event: str) -> HttpResponse:
    """One thing done to all chosen rows, or to none."""
    found = fetch_run(request, event)
    keys = [key for key in request.POST.getlist("pk") if UUID.match(key)]
    visible = Submission.objects.run_by(request.user).filter(event=found)
    chosen = list(visible.filter(pk__in=keys).select_related("event", "entry_type"))
    try:
        _do(request, found, chosen, request.POST.get("action", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        count = len(chosen)
        said = ngettext("Done for %(n)d submission.", "Done for %(n)d submissions.", count)
        messages.success(request, said % {"n": count})
    return _back(request, found)


def _do(request: Visit, event: Event, chosen: list[Submission], action: str) -> None:
    if not chosen:
        raise Refused(_("Choose at least one row."), code="bulk.none")
    verb, _colon, value = action.partition(":")
    name = request.POST.get("label", "")
    verbs: dict[str, Callable[[], object]] = {
        "draft": lambda: deciding.draft_many(request.user, chosen, decision=value),
        "move": lambda: deciding.move_many(request.user, chosen, to=value),
        "label": lambda: organizing.label(request.user, event, chosen, name=name),
        "unlabel": lambda: organizing.unlabel(request.user, event, chosen, name=name),
        "track": lambda: _to_track(request, event, chosen),
    }
    if action not in BULK:
        raise Refused(_("Choose what to do."), code="bulk.unknown")
    verbs[verb]()


def _to_track(request: Visit, event: Event, chosen: list[Submission]) -> None:
    track = event.tracks.filter(slug=request.POST.get("track", "")).first()
    if track is None:
        raise Refused(_("Choose a category of this event."), code="submission.foreign_track")
    organizing.move_to_track(request.user, event, chosen, track=track)


def _back(request: Visit, event: Event) -> HttpResponse:
    query = request.POST.get("query", "")
    return redirect(f"{reverse('entries:list', args=[event.slug])}?{query}")


@login_required
@require_POST
def release(request: Visit, event: str) -> HttpResponse:
    """All draft decisions become decisions, and the authors get their mails."""
    found = fetch_run(request, event)
    count = deciding.release(request.user, found)
    said = ngettext("%(n)d decision is released.", "%(n)d decisions are released.", count)
    messages.success(request, said % {"n": count})
    return _back(request, found)


@login_required
@require_POST
def filters(request: Visit, event: str) -> HttpResponse:
    """Keeps the filter of the table under a name, or forgets one."""
    found = fetch_run(request, event)
    name = request.POST.get("name", "")
    if "drop" in request.POST:
        organizing.drop_filter(request.user, found, name=name)
    else:
        query = request.POST.get("query", "")
        organizing.keep_filter(request.user, found, name=name, query=query)
    return _back(request, found)


@login_required
def export(request: Visit, event: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    """What the table shows, as CSV or JSON."""
    found = fetch_run(request, event)
    chosen = furnished(rows(TableForm(request.GET, event=found)))
    if kind == "csv":
        return as_csv(found, chosen)
    return JsonResponse({"event": found.slug, "submissions": as_data(chosen)})


@login_required
def alike(request: Visit, event: str) -> HttpResponse:
    """Submissions that may be the same work twice."""
    found = fetch_run(request, event)
    submitted = found.submissions.submitted().select_related("team", "entry_type", "event")
    pairs = duplicates.pairs(list(submitted.prefetch_related("authors", "attachments")))
    return render(request, "entries/alike.html", {"event": found, "pairs": pairs[:200]})


@login_required
@require_POST
def note(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_one(request, event, pk)
    organizing.write_note(request.user, submission, text=request.POST.get("text", ""))
    return redirect(submission)


class ReopeningForm(forms.Form):
    until = forms.DateTimeField(
        label=gettext_lazy("Open until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


@login_required
def reopen(request: Visit, event: str, pk: object) -> HttpResponse:
    """Lets the authors of one submission change it after the deadline; times as the event's."""
    submission = fetch_one(request, event, pk)
    with timezone.override(submission.event.zone):
        form = ReopeningForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _reopened(request, submission, form):
            return redirect(submission)
        context: dict[str, Any] = {"event": submission.event, "submission": submission}
        return render(request, "entries/reopen.html", context | {"form": form})


def _reopened(request: Visit, submission: Submission, form: ReopeningForm) -> bool:
    try:
        actions.reopen(request.user, submission, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("It can be changed again; the authors have a mail."))
    return True


@login_required
@require_POST
def answer(request: Visit, event: str, pk: object) -> HttpResponse:
    """The authors confirm or decline."""
    submission = fetch_own(request, event, pk)
    if request.POST.get("to") == Decision.DECLINED:
        deciding.decline(request.user, submission)
        messages.success(request, _("You declined; the place goes to somebody else."))
    else:
        deciding.confirm(request.user, submission)
        messages.success(request, _("Confirmed: see you there."))
    return redirect(submission)
