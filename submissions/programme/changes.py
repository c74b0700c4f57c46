"""What is different between two versions of a schedule, in data that outlives both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from uuid import UUID

from submissions.programme.facts import Facts, difference
from submissions.programme.models import Slot

Place = tuple[str, str, str]  # room, start and end as ISO 8601 in UTC


@dataclass(frozen=True)
class Change:
    kind: str  # new, moved, gone; changed: the same place, but another title, speaker or board
    session: UUID
    title: str
    before: Place | None
    after: Place | None
    facts: Facts = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "session": str(self.session),
            "title": self.title,
            "before": self.before,
            "after": self.after,
            "facts": self.facts,
        }


def place_of(slot: Slot) -> Place:
    start, end = (m.astimezone(UTC).isoformat() for m in (slot.starts_at, slot.ends_at))
    return (slot.room.name if slot.room else "", start, end)


def between(
    old: Sequence[Slot],
    new: Sequence[Slot],
    was: dict[str, Facts] | None = None,
    now: dict[str, Facts] | None = None,
) -> list[Change]:
    """In the order of the new schedule, what is gone last. `was` and `now` are the facts of the
    sessions in either."""
    before = {slot.session_id: slot for slot in old}
    after = {slot.session_id: slot for slot in new}
    found = [
        change
        for session, slot in after.items()
        if (change := _change(slot, before.get(session), was or {}, now or {}))
    ]
    for session, slot in before.items():
        if session not in after:
            found.append(Change("gone", session, slot.session.title, place_of(slot), None))
    return found


def _change(
    slot: Slot, before: Slot | None, was: dict[str, Facts], now: dict[str, Facts]
) -> Change | None:
    session, title, place = slot.session_id, slot.session.title, place_of(slot)
    if before is None:
        return Change("new", session, title, None, place)
    old, key = place_of(before), str(session)
    facts = difference(was.get(key), now.get(key))
    if old == place and not facts:
        return None
    return Change("moved" if old != place else "changed", session, title, old, place, facts)
