"""Organizers: rooms, days, sessions, who speaks, what hangs where, the settings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import Visit
from events.models import Event
from submissions.programme import roster, rules
from submissions.programme.actions import accepted, hall, presenters, schedule
from submissions.programme.actions import release as releasing
from submissions.programme.forms import (
    ContributorForm,
    DayForm,
    HangForm,
    RoomForm,
    SessionForm,
    SettingsForm,
)
from submissions.programme.models import Board, Contributor, Room, Session
from submissions.programme.views.fetching import run, session_run
from theme.refusal import Refused


@login_required
@require_POST
def bring_in(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    told = accepted.bring_in(request.user, found)
    messages.success(
        request,
        _("Of what was accepted, new here: talks %(sessions)d, posters %(posters)d.")
        % {"sessions": told.sessions, "posters": told.posters},
    )
    for title in told.without_category:
        messages.warning(
            request, _("“%(title)s” has no category, so it has no place yet.") % {"title": title}
        )
    return redirect("programme:editor", event=found.slug)


@login_required
def new_session(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    form = SessionForm(request.POST or None, event=found)
    if request.method == "POST" and form.is_valid():
        made = schedule.save_session(request.user, found, **form.cleaned_data)
        messages.success(request, _("“%(title)s” is made; give it its place.") % {"title": made})
        return redirect("programme:edit_session", event=found.slug, session=made.pk)
    return render(request, "programme/session_edit.html", {"event": found, "form": form})


@login_required
def edit_session(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_run(request, event, session)
    form = SessionForm(
        request.POST or None, event=found.event, instance=Session.objects.get(pk=found.pk)
    )
    if request.method == "POST" and form.is_valid():
        schedule.save_session(request.user, found.event, session=found, **form.cleaned_data)
        messages.success(request, _("“%(title)s” is changed.") % {"title": found})
        return redirect("programme:editor", event=event)
    return _session_page(request, found, form=form)


def _session_page(request: Visit, found: Session, **forms: Any) -> HttpResponse:
    context = {
        "event": found.event,
        "session": found,
        "speakers": found.contributors.select_related("user"),
        "boards": found.boards.select_related("poster__track"),
        "form": SessionForm(event=found.event, instance=found),
        "speaker_form": ContributorForm(),
        "hang_form": HangForm(event=found.event, initial={"number": found.boards.count() + 1}),
    }
    return render(request, "programme/session_edit.html", context | forms)


@login_required
@require_POST
def delete_session(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_run(request, event, session)
    schedule.delete_session(request.user, found)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": found})
    return redirect("programme:editor", event=event)


@login_required
@require_POST
def cancel(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_run(request, event, session)
    if request.POST.get("on", "1") == "1":
        releasing.cancel(request.user, found)
        messages.success(request, _("It is cancelled; who is affected gets a mail."))
    else:
        releasing.restore(request.user, found)
    return redirect("programme:edit_session", event=event, session=found.pk)


@login_required
@require_POST
def add_speaker(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_run(request, event, session)
    form = ContributorForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        account = (
            User.objects.filter(email__iexact=told["email"]).first() if told["email"] else None
        )
        try:
            presenters.name_contributor(
                request.user,
                found,
                name=told["name"],
                affiliation=told["affiliation"],
                account=account,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("programme:edit_session", event=event, session=found.pk)
    return _session_page(request, found, speaker_form=form)


@login_required
@require_POST
def drop_speaker(request: Visit, event: str, part: int) -> HttpResponse:
    found = run(request, event)
    parts = Contributor.objects.select_related("session__event")
    chosen = get_object_or_404(parts, session__event=found, pk=part)
    session = chosen.session_id
    presenters.drop_contributor(request.user, chosen)
    return redirect("programme:edit_session", event=event, session=session)


@login_required
@require_POST
def hang(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_run(request, event, session)
    form = HangForm(request.POST, event=found.event)
    if form.is_valid():
        told = form.cleaned_data
        try:
            hall.hang(request.user, told["poster"], session=found, number=told["number"])
        except Refused as refused:
            form.add_error("number", str(refused))
        else:
            return redirect("programme:edit_session", event=event, session=found.pk)
    return _session_page(request, found, hang_form=form)


@login_required
@require_POST
def take_down(request: Visit, event: str, board: int) -> HttpResponse:
    found = run(request, event)
    boards = Board.objects.select_related("session__event", "poster")
    chosen = get_object_or_404(boards, session__event=found, pk=board)
    session = chosen.session_id
    hall.take_down(request.user, chosen)
    return redirect("programme:edit_session", event=event, session=session)


@login_required
def people(request: Visit, event: str) -> HttpResponse:
    """Who presents, and what they have told: confirmed, times, equipment, slides, release."""
    found = run(request, event)
    context = {"event": found, "rows": roster.presenting_in(found)}
    return render(request, "programme/people.html", context)


@login_required
def rooms(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    return _room_page(request, found, RoomForm(request.POST or None), None)


def _room_page(request: Visit, event: Event, form: RoomForm, room: Room | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = schedule.save_room(request.user, event, room=room, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("“%(room)s” is stored.") % {"room": made})
            return redirect("programme:rooms", event=event.slug)
    listed = event.rooms.filter(retired=False)
    context = {"event": event, "rooms": listed, "form": form, "room": room, "day_form": DayForm()}
    return render(request, "programme/rooms.html", context | {"days": event.days.all()})


@login_required
def edit_room(request: Visit, event: str, room: int) -> HttpResponse:
    found = run(request, event)
    chosen = get_object_or_404(Room, event=found, pk=room, retired=False)
    form = RoomForm(request.POST or None, instance=Room.objects.get(pk=chosen.pk))
    return _room_page(request, found, form, chosen)


@login_required
@require_POST
def delete_room(request: Visit, event: str, room: int) -> HttpResponse:
    found = run(request, event)
    chosen = get_object_or_404(Room.objects.select_related("event"), event=found, pk=room)
    schedule.delete_room(request.user, chosen)
    messages.success(request, _("“%(room)s” is gone.") % {"room": chosen.name})
    return redirect("programme:rooms", event=found.slug)


@login_required
@require_POST
def save_day(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            schedule.save_day(request.user, found, **form.cleaned_data)
        except Refused as refused:
            form.add_error("closes", str(refused))
        else:
            return redirect("programme:rooms", event=found.slug)
    context: dict[str, Any] = {"event": found, "form": RoomForm()}
    context["rooms"] = found.rooms.filter(retired=False)
    context |= {"room": None, "day_form": form, "days": found.days.all()}
    return render(request, "programme/rooms.html", context)


@login_required
@require_POST
def delete_day(request: Visit, event: str, day: int) -> HttpResponse:
    found = run(request, event)
    schedule.delete_day(request.user, get_object_or_404(found.days, pk=day))
    return redirect("programme:rooms", event=found.slug)


@login_required
def settings(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    form = SettingsForm(request.POST or None, event=found, instance=rules.programme_of(found))
    if request.method == "POST" and form.is_valid():
        schedule.save_settings(request.user, found, **form.cleaned_data)
        messages.success(request, _("The settings are stored."))
        return redirect("programme:editor", event=found.slug)
    return render(request, "programme/settings.html", {"event": found, "form": form})
