"""The schedule editor: a table to look at and to drag in, a form for each slot, the release."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from submissions.programme import conflicts, grid, rules
from submissions.programme.actions import drafting, schedule
from submissions.programme.actions import release as releasing
from submissions.programme.clock import moment, zone_of
from submissions.programme.forms import DayForm, ReleaseForm, SlotForm
from submissions.programme.models import Session, Slot, Version
from submissions.programme.views.fetching import run, session_run
from theme.refusal import Refused


def context_of(event: Event, **more: Any) -> dict[str, Any]:
    """Everything the editor shows; the number of queries does not grow with the schedule."""
    draft = Version.objects.filter(event=event, number=None).first()
    slots = conflicts.slots_of(draft) if draft else []
    found = conflicts.find(draft, slots) if draft else []
    placed = {slot.session_id for slot in slots}
    sessions = event.sessions.select_related("track").prefetch_related("contributors")
    programme = rules.programme_of(event)
    return {
        "event": event,
        "zone": zone_of(event).key,
        "tables": grid.tables(event, slots),
        "conflicts": found,
        "in_conflict": {key for conflict in found for key in conflict.sessions},
        "unplaced": [s for s in sessions if s.pk not in placed and s.cancelled_at is None],
        "changes": releasing.upcoming_changes(event, draft),
        "current": releasing.current(event),
        "release_form": ReleaseForm(initial={"revision": programme.revision}),
        "day_form": DayForm(),
        "rooms": event.rooms.filter(retired=False),
    } | more


def show(request: Visit, event: Event, **more: Any) -> HttpResponse:
    page = "programme/_editor.html" if request.htmx else "programme/editor.html"
    return render(request, page, context_of(event, **more))


@login_required
def editor(request: Visit, event: str) -> HttpResponse:
    return show(request, run(request, event))


def _slot_of(session: Session) -> Slot | None:
    return Slot.objects.filter(session=session, version__number=None).first()


@login_required
def slot(request: Visit, event: str, session: object) -> HttpResponse:
    """The form of one slot: what the editor does with a mouse, without one."""
    found = session_run(request, event, session)
    placed = _slot_of(found)
    offered = {n: request.GET[n] for n in ("room", "starts_at") if n in request.GET}
    form = SlotForm(request.POST or None, session=found, slot=placed, initial=offered)
    if request.method == "POST" and form.is_valid():
        try:
            made = schedule.place(request.user, found, **form.place())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            _tell_conflicts(request, made)
            return redirect("programme:editor", event=event)
    context = {"event": found.event, "session": found, "form": form, "slot": placed}
    return render(request, "programme/slot.html", context)


def _tell_conflicts(request: Visit, made: Slot) -> None:
    mine = [c for c in conflicts.find(made.version) if made.session_id in c.sessions]
    for conflict in mine:
        messages.warning(request, conflict.sentence)
    if not mine:
        messages.success(request, _("“%(title)s” has its place.") % {"title": made.session})


@login_required
@require_POST
def move(request: Visit, event: str, session: object) -> HttpResponse:
    """Where a session was dropped: room and beginning; it stays as long as it was."""
    found = session_run(request, event, session)
    placed = _slot_of(found)
    try:
        start = moment(found.event, datetime.fromisoformat(request.POST.get("start", "")))
    except ValueError:
        raise Refused(_("Drop it on a time of the table."), code="slot.no_time") from None
    asked = request.POST.get("room", "")
    room = found.event.rooms.filter(pk=int(asked)).first() if asked.isdigit() else None
    length = placed.length if placed else Slot.planned(found)
    schedule.place(request.user, found, room=room, start=start, end=start + length)
    return _editor_again(request, found.event)


@login_required
@require_POST
def remove(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_run(request, event, session)
    schedule.unplace(request.user, found)
    return _editor_again(request, found.event)


def _editor_again(request: Visit, event: Event) -> HttpResponse:
    return show(request, event) if request.htmx else redirect("programme:editor", event=event.slug)


@login_required
@require_POST
def draft(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    placed, reasons = drafting.draft_automatically(request.user, found)
    said = ngettext("%(n)d session was placed.", "%(n)d sessions were placed.", placed)
    messages.success(request, said % {"n": placed})
    for sentence in reasons[:20]:
        messages.warning(request, sentence)
    return redirect("programme:editor", event=found.slug)


@login_required
@require_POST
def release(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            version = releasing.release(request.user, found, **form.cleaned_data)
        except Refused as refused:
            again = ReleaseForm(initial={"revision": rules.programme_of(found).revision})
            again.initial["note"] = form.cleaned_data["note"]
            return show(request, found, release_form=again, refused=str(refused))
        messages.success(
            request,
            _("Version %(n)d is released; who is affected gets a mail.") % {"n": version.number},
        )
        return redirect("programme:editor", event=found.slug)
    return show(request, found, release_form=form)
