"""What is wrong with a schedule, found in Python over rows that a few queries have fetched."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext as _

from submissions.programme.models import Availability, Board, Contributor, Slot, Version


@dataclass(frozen=True)
class Conflict:
    """`stops` a release; the others are for the organizers to know."""

    sentence: str
    sessions: frozenset[object]
    code: str
    stops: bool = False


def slots_of(version: Version) -> list[Slot]:
    found = version.slots.select_related("session", "session__track", "room")
    return list(found.order_by("starts_at", "room__position", "pk"))


def find(version: Version, slots: list[Slot] | None = None) -> list[Conflict]:
    """Every conflict of a version; the number of queries does not depend on its size."""
    slots = slots_of(version) if slots is None else slots
    alive = [slot for slot in slots if slot.session.cancelled_at is None]
    people = people_of(version)
    return [
        *_same_person_twice(alive, people),
        *_away(alive, people, version),
        *_crowded(alive),
        *_during_a_break(alive),
    ]


Names = dict[object, dict[object, str]]


def people_of(version: Version) -> Names:
    """{session: {person: name}}: speakers of talks, and authors of the posters of a session.

    Somebody without an account is known by the name alone.
    """
    found: Names = defaultdict(dict)
    event = version.event_id
    speakers = Contributor.objects.active().filter(session__event_id=event)
    for session, user, name in speakers.values_list("session_id", "user_id", "name"):
        found[session][user or name.casefold()] = name
    boards = Board.objects.filter(session__event_id=event).values_list("session_id", "poster_id")
    authors = defaultdict(list)
    for poster, user, name in (
        Contributor.objects.active()
        .filter(poster__event_id=event, user__isnull=False)
        .values_list("poster_id", "user_id", "name")
    ):
        authors[poster].append((user, name))
    for session, poster in boards:
        found[session] |= dict(authors[poster])
    return found


def _overlap(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _pairs(slots: Iterable[Slot]) -> Iterator[tuple[Slot, Slot]]:
    return ((a, b) for a, b in combinations(slots, 2) if _overlap(a, b))


def _same_person_twice(slots: list[Slot], people: Names) -> Iterator[Conflict]:
    for one, other in _pairs(slots):
        both = people[one.session_id].keys() & people[other.session_id].keys()
        posters = {one.session.kind, other.session.kind} == {"posters"}
        for person in both:
            name = people[one.session_id][person]
            said = (
                _("%(name)s has posters in “%(one)s” and “%(other)s” at the same time.")
                if posters
                else _("%(name)s is in “%(one)s” and “%(other)s” at the same time.")
            )
            yield Conflict(
                said % {"name": name, "one": one.session, "other": other.session},
                frozenset([one.session_id, other.session_id]),
                "author_twice" if posters else "speaker_twice",
                stops=not posters and one.session.is_spoken and other.session.is_spoken,
            )


def _away(slots: list[Slot], people: Names, version: Version) -> Iterator[Conflict]:
    free: dict[object, list[tuple[datetime, datetime]]] = defaultdict(list)
    told = Availability.objects.filter(event_id=version.event_id)
    for user, start, end in told.values_list("user_id", "starts_at", "ends_at"):
        free[user].append((start, end))
    for slot in slots:
        for person, name in people[slot.session_id].items():
            times = free.get(person)
            if times and not any(a <= slot.starts_at and slot.ends_at <= b for a, b in times):
                yield Conflict(
                    _("%(name)s is not available at the time of “%(title)s”.")
                    % {"name": name, "title": slot.session},
                    frozenset([slot.session_id]),
                    "not_available",
                )


def _crowded(slots: list[Slot]) -> Iterator[Conflict]:
    for slot in slots:
        seats, expected = slot.room and slot.room.capacity, slot.session.expected
        if seats and expected and expected > seats:
            yield Conflict(
                _("“%(title)s” expects %(expected)d people; “%(room)s” has %(seats)d seats.")
                % {
                    "title": slot.session,
                    "expected": expected,
                    "room": slot.room,
                    "seats": seats,
                },
                frozenset([slot.session_id]),
                "capacity",
            )


def _during_a_break(slots: list[Slot]) -> Iterator[Conflict]:
    for one, other in _pairs(slots):
        if "break" in (one.session.kind, other.session.kind) and None in (
            one.room_id,
            other.room_id,
        ):
            yield Conflict(
                _("“%(one)s” and “%(other)s” are at the same time.")
                % {"one": one.session, "other": other.session},
                frozenset([one.session_id, other.session_id]),
                "break",
            )
