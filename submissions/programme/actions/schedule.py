"""Organizers make rooms, days and sessions, and give sessions their places in the draft."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import rules
from submissions.programme.clock import wall
from submissions.programme.models import Day, Programme, Room, Session, Slot, Version
from theme.refusal import Refused


def hold(user: User | None, event: Event) -> Programme:
    """Locks the event's schedule for this transaction, if the person may change it.

    `user` is None when the system itself sets up an event.
    """
    if user is not None and not rules.can_edit(user, event):
        raise Refused(_("Only organizers change the schedule."), code="schedule.not_yours")
    made, _created = Programme.objects.get_or_create(event=event)
    return Programme.objects.select_for_update().get(pk=made.pk)


def changed(programme: Programme) -> None:
    programme.revision += 1
    programme.save(update_fields=["revision"])


def draft_of(event: Event) -> Version:
    """The version that is worked on; only called while the schedule is held."""
    draft, _created = Version.objects.get_or_create(event=event, number=None)
    return draft


@transaction.atomic
def save_settings(user: User, event: Event, **settings: Any) -> Programme:
    programme = hold(user, event)
    for name, value in settings.items():
        setattr(programme, name, value)
    programme.save()
    record(user, "save_programme", event)
    return programme


@transaction.atomic
def save_room(
    user: User | None,
    event: Event,
    *,
    room: Room | None = None,
    name: str,
    capacity: int | None = None,
    link: str = "",
    position: int = 0,
) -> Room:
    """Makes a room, or changes the one given. Raises Refused if the name is taken."""
    changed(hold(user, event))
    room = room or Room(event=event)
    room.name, room.capacity, room.link, room.position = name, capacity, link, position
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError:
        raise Refused(
            _("There is a room named “%(name)s” already; choose another name.") % {"name": name},
            code="room.name_taken",
        ) from None
    record(user, "save_room", room, name=name)
    return room


@transaction.atomic
def delete_room(user: User, room: Room) -> None:
    """A room that old versions of the schedule name is kept for them and no longer offered."""
    changed(hold(user, room.event))
    inside = room.slots.filter(version__number=None) | room.slots.current()
    titles = list(inside.values_list("session__title", flat=True).distinct()[:3])
    if titles:
        count = inside.values("session").distinct().count()
        raise Refused(
            ngettext(
                "“%(room)s” has %(n)d session in it (%(titles)s). Move it to another room "
                "(and release that) first; nothing is deleted.",
                "“%(room)s” has %(n)d sessions in it (%(titles)s…). Move them to another room "
                "(and release that) first; nothing is deleted.",
                count,
            )
            % {"room": room, "n": count, "titles": ", ".join(titles)},
            code="room.in_use",
        )
    record(user, "delete_room", room, name=room.name)
    if room.slots.exists():
        room.retired = True
        room.save(update_fields=["retired"])
    else:
        room.delete()


@transaction.atomic
def save_day(user: User | None, event: Event, *, date: date, opens: time, closes: time) -> Day:
    """Adds a day of the programme, or gives it other hours."""
    changed(hold(user, event))
    if closes <= opens:
        raise Refused(_("A day ends after it begins; correct its hours."), code="day.ends_early")
    day, _created = Day.objects.update_or_create(
        event=event, date=date, defaults={"opens": opens, "closes": closes}
    )
    record(user, "save_day", day, date=str(date))
    return day


@transaction.atomic
def delete_day(user: User, day: Day) -> None:
    """Only the hours that the editor and the automatic draft offer; sessions stay in place."""
    changed(hold(user, day.event))
    record(user, "delete_day", day, date=str(day.date))
    day.delete()


@transaction.atomic
def save_session(
    user: User | None, event: Event, *, session: Session | None = None, **facts: Any
) -> Session:
    changed(hold(user, event))
    session = session or Session(event=event)
    for name, value in facts.items():
        setattr(session, name, value)
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError:
        raise Refused(
            _("This submission has its session already."), code="session.exists"
        ) from None
    record(user, "save_session", session, title=session.title)
    return session


@transaction.atomic
def delete_session(user: User, session: Session) -> None:
    """Only of what was never released; what people may have in their calendars is cancelled."""
    changed(hold(user, session.event))
    if session.slots.filter(version__number__isnull=False).exists():
        raise Refused(
            _("“%(title)s” was released already: cancel it, so that everybody is told.")
            % {"title": session},
            code="session.released",
        )
    record(user, "delete_session", session, title=session.title)
    session.delete()


@transaction.atomic
def place(
    user: User | None, session: Session, *, room: Room | None, start: datetime, end: datetime
) -> Slot:
    """Gives a session its room and time in the draft.

    Raises Refused if it ends before it begins, lasts longer than a day, or overlaps in its room;
    the draft is then as it was.
    """
    changed(hold(user, session.event))
    _refuse_bad_times(start, end)
    if room is not None and (room.event_id != session.event_id or room.retired):
        raise Refused(_("Choose a room of this event."), code="slot.foreign_room")
    draft = draft_of(session.event)
    slot = Slot.objects.filter(version=draft, session=session).first() or Slot(
        version=draft, session=session
    )
    slot.room, slot.starts_at, slot.ends_at = room, start, end
    try:
        with transaction.atomic():
            slot.save()
    except IntegrityError:
        raise _taken(slot) from None
    record(user, "place", session, room=room.pk if room else None, at=start.isoformat())
    return slot


def _refuse_bad_times(start: datetime, end: datetime) -> None:
    if end <= start:
        raise Refused(
            _("A session ends after it begins: choose a later end."), code="slot.ends_early"
        )
    if end - start > timedelta(days=1):
        raise Refused(_("A session lasts a day at most."), code="slot.too_long")


def _taken(slot: Slot) -> Refused:
    there = (
        Slot.objects.filter(version=slot.version, room=slot.room)
        .exclude(pk=slot.pk)
        .overlapping(slot.starts_at, slot.ends_at)
        .select_related("session__event")
        .first()
    )
    if there is None:  # whoever was there has moved meanwhile
        return Refused(_("The schedule has just changed; try again."), code="slot.conflict")
    event = there.session.event
    hours = [f"{wall(event, moment):%H:%M}" for moment in (there.starts_at, there.ends_at)]
    return Refused(
        _("“%(room)s” is taken from %(from)s to %(until)s by “%(title)s”. Choose another time.")
        % {"room": slot.room, "from": hours[0], "until": hours[1], "title": there.session},
        code="slot.room_taken",
    )


@transaction.atomic
def unplace(user: User, session: Session) -> None:
    """Takes a session out of the draft; doing it twice changes nothing."""
    changed(hold(user, session.event))
    gone, _kinds = Slot.objects.filter(version=draft_of(session.event), session=session).delete()
    if gone:
        record(user, "unplace", session)
