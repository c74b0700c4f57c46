"""What is different between two versions of a schedule, in data that outlives both."""

from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from submissions.programme.models import Slot

Place = tuple[str, str, str]  # room, start and end as ISO 8601 in UTC


@dataclass(frozen=True)
class Change:
    kind: str  # new, moved, gone
    session: UUID
    title: str
    before: Place | None
    after: Place | None

    def plain(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "session": str(self.session),
            "title": self.title,
            "before": self.before,
            "after": self.after,
        }


def place_of(slot: Slot) -> Place:
    start, end = (m.astimezone(UTC).isoformat() for m in (slot.starts_at, slot.ends_at))
    return (slot.room.name if slot.room else "", start, end)


def between(old: list[Slot], new: list[Slot]) -> list[Change]:
    """In the order of the new schedule, what is gone last."""
    before = {slot.session_id: slot for slot in old}
    after = {slot.session_id: slot for slot in new}
    found = []
    for session, slot in after.items():
        was = before.get(session)
        old_place = place_of(was) if was else None
        if old_place != place_of(slot):
            kind = "moved" if was else "new"
            found.append(Change(kind, session, slot.session.title, old_place, place_of(slot)))
    for session, slot in before.items():
        if session not in after:
            found.append(Change("gone", session, slot.session.title, place_of(slot), None))
    return found
