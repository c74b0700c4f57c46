"""A judge's queue: what is assigned, how far each is, which comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Viewer
from events.models import Event
from judging.ballots.models import Ballot
from judging.panel.models import Assignment


@dataclass(frozen=True)
class Task:
    """One submission on the desk."""

    assignment: Assignment
    ballot: Ballot | None
    scored: int  # criteria

    @property
    def is_done(self) -> bool:
        return self.ballot is not None and self.ballot.is_submitted


@dataclass(frozen=True)
class Desk:
    event: Event
    tasks: Sequence[Task]

    @property
    def done(self) -> int:
        return sum(task.is_done for task in self.tasks)

    def next_after(self, assignment: Assignment | None = None) -> Assignment | None:
        """The next one not submitted, round the end of the list; None when all are."""
        places = [task.assignment.pk for task in self.tasks]
        start = places.index(assignment.pk) + 1 if assignment else 0
        rest = [*self.tasks[start:], *self.tasks[:start]]
        others = (t.assignment for t in rest if not t.is_done and t.assignment != assignment)
        return next(others, None)

    def neighbours(
        self, assignment: Assignment
    ) -> tuple[int, Assignment | None, Assignment | None]:
        """(place from 1, the one before, the one after)."""
        listed = [task.assignment for task in self.tasks]
        place = listed.index(assignment)
        before = listed[place - 1] if place else None
        after = listed[place + 1] if place + 1 < len(listed) else None
        return place + 1, before, after


def desks(user: Viewer, event: Event | None = None) -> list[Desk]:
    """The judge's desk in each event where something is assigned, or in the one event."""
    assignments = Assignment.objects.visible_to(user).in_order()
    if event is not None:
        assignments = assignments.of(event)
    assignments = assignments.select_related(
        "submission__event", "submission__track", "submission__team", "ballot"
    ).annotate(scored=Count("ballot__scores"))
    by_event: dict[Event, list[Task]] = {}
    for found in assignments:
        task = Task(found, getattr(found, "ballot", None), found.scored)  # type: ignore[attr-defined]
        by_event.setdefault(found.event, []).append(task)
    return [Desk(event, tasks) for event, tasks in by_event.items()]


def progress(event: Event) -> tuple[int, int]:
    """(submitted, assigned) score sheets of an event."""
    active = Assignment.objects.of(event).active()
    return active.filter(ballot__state=Ballot.State.SUBMITTED).count(), active.count()


def desk(user: Viewer, event: Event) -> Desk:
    return next(iter(desks(user, event)), Desk(event, []))
