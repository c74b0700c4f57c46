"""The automatic first draft: what has no place yet gets one, what has one keeps it."""

from collections import defaultdict
from collections.abc import Hashable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import conflicts
from submissions.programme.actions.schedule import changed, draft_of, hold
from submissions.programme.clock import on
from submissions.programme.models import Availability, Session, Slot, Version
from theme.refusal import Refused

if TYPE_CHECKING:
    from submissions.programme.solver import Fixed

Placed = dict[Any, tuple[Any, datetime]]  # {session: (room, beginning)}
POPULAR_SHARE = 3  # the most awaited third


def draft_automatically(user: User, event: Event) -> tuple[int, list[str]]:
    """How many sessions were placed, and for each that was not a sentence that says why.

    The solver works without holding the schedule; if somebody changed it meanwhile, that counts.
    """
    from submissions.programme import solver

    with transaction.atomic():
        revision, draft = hold(user, event).revision, draft_of(event)
    rooms = list(event.rooms.filter(retired=False))
    windows = [(on(event, d.date, d.opens), on(event, d.date, d.closes)) for d in event.days.all()]
    if not rooms or not windows:
        raise Refused(
            _("Add the rooms and the days of the programme first."), code="draft.no_place"
        )
    sessions = _waiting(event, draft)
    people = conflicts.people_of(draft)
    popular = _popular(event)
    plan = solver.plan(
        [
            solver.Task(
                s.pk,
                length=Slot.planned(s),
                people=frozenset(people[s.pk]),
                track=s.track_id,
                expected=s.expected or 0,
                popular=s.pk in popular,
            )
            for s in sessions
        ],
        [solver.Place(room.pk, room.capacity) for room in rooms],
        windows,
        fixed=_fixed(draft, people, popular),
        free=_free(event),
    )
    _store(user, event, draft, revision, plan.placed)
    return len(plan.placed), [_why(s, plan.left[s.pk]) for s in sessions if s.pk in plan.left]


def _waiting(event: Event, draft: Version) -> list[Session]:
    open_ones = event.sessions.filter(cancelled_at=None).exclude(kind=Session.Kind.BREAK)
    return list(open_ones.exclude(slots__version=draft))


def _popular(event: Event) -> set[object]:
    awaited = event.sessions.annotate(n=Count("stars")).filter(kind__in=Session.SPOKEN)
    told = [
        (expected or 0, n, pk) for expected, n, pk in awaited.values_list("expected", "n", "pk")
    ]
    wanted = sorted((one for one in told if one[0] or one[1]), key=lambda one: one[:2])[::-1]
    return {pk for _expected, _n, pk in wanted[: max(2, len(told) // POPULAR_SHARE)]}


def _fixed(draft: Version, people: conflicts.Names, popular: set[object]) -> "list[Fixed]":
    """What has its place already. During a keynote, as in a break, there is nothing else."""
    from submissions.programme.solver import Fixed

    return [
        Fixed(
            (slot.starts_at, slot.ends_at),
            room=None if slot.session.kind == Session.Kind.KEYNOTE else slot.room_id,
            people=frozenset(people[slot.session_id]),
            track=slot.session.track_id,
            popular=slot.session_id in popular,
        )
        for slot in conflicts.slots_of(draft)
    ]


def _free(event: Event) -> dict[Hashable, list[tuple[datetime, datetime]]]:
    free: dict[Hashable, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in Availability.objects.filter(event=event):
        free[one.user_id].append((one.starts_at, one.ends_at))
    return free


@transaction.atomic
def _store(user: User, event: Event, draft: Version, revision: int, placed: Placed) -> None:
    programme = hold(user, event)
    if programme.revision != revision:
        raise Refused(
            _("Somebody changed the schedule meanwhile; nothing was placed. Try again."),
            code="draft.conflict",
        )
    lengths = {s.pk: Slot.planned(s) for s in event.sessions.filter(pk__in=placed)}
    Slot.objects.bulk_create(
        Slot(
            version=draft,
            session_id=key,
            room_id=room,
            starts_at=start,
            ends_at=start + lengths[key],
        )
        for key, (room, start) in placed.items()
    )
    changed(programme)
    record(user, "draft_automatically", event, placed=len(placed))


def _why(session: Session, reason: str) -> str:
    return {
        "no_room": _("“%(title)s” was not placed: there is no room."),
        "too_long": _("“%(title)s” was not placed: it is longer than any day of the programme."),
        "nobody_free": _(
            "“%(title)s” was not placed: within the programme's hours there is no time at which "
            "all who present it are available."
        ),
        "full": _(
            "“%(title)s” was not placed: at the times that are possible for it, the rooms or its "
            "speakers are taken. Add hours or a room, or shorten something."
        ),
    }[reason] % {"title": session}
