"""Feedback in numbers: how often each mark was given, and what was written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from events.models import Event
from submissions.programme.models import Contributor, Feedback, Session


@dataclass
class Marks:
    """Of one session, or of the event itself (no session)."""

    session: Session | None
    counts: list[int] = field(default_factory=lambda: [0] * 5)  # of 1, 2, 3, 4, 5
    comments: list[Feedback] = field(default_factory=list)

    @property
    def voices(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        if not self.voices:
            return None
        return sum(mark * n for mark, n in enumerate(self.counts, start=1)) / self.voices

    @property
    def most(self) -> int:
        return max([*self.counts, 1])


def all_marks(event: Event) -> list[Marks]:
    """The event's own first, then its sessions, best known first; one query."""
    given = Feedback.objects.filter(event=event).select_related("session", "author")
    return _gather(given)


def marks_for(event: Event, parts: Iterable[Contributor]) -> list[Marks]:
    """Those for the sessions in which somebody presents."""
    sessions = [part.session_id for part in parts if part.session_id]
    given = Feedback.objects.filter(event=event, session__in=sessions)
    return _gather(given.select_related("session", "author"))


def _gather(given: Iterable[Feedback]) -> list[Marks]:
    found: dict[object, Marks] = {}
    for one in given:
        marks = found.setdefault(one.session_id, Marks(one.session))
        marks.counts[one.rating - 1] += 1
        if one.comment:
            marks.comments.append(one)
    return sorted(found.values(), key=lambda m: (m.session is not None, -m.voices))
