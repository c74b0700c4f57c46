"""A judge's queue: what is assigned, how far each is, which comes next."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Max

from accounts.models import Viewer
from events.models import Event
from judging.ballots.models import Ballot, Score, Skip
from judging.panel.models import Assignment

Steps = list[tuple[int, list[str]]]
SHOWN = (
    "submission__event",
    "submission__track",
    "submission__team",
    "submission__spot",
    "submission__entry_type",
)
# Long texts that no list shows.
UNSHOWN = ("submission__description", "submission__answers", "submission__event__description",
           "submission__track__description", "ballot__comment", "ballot__private_note",
           "ballot__to_organizers")  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One submission on the desk."""

    assignment: Assignment
    ballot: Ballot | None
    scored: int  # criteria
    skipped: Skip | None = None

    @property
    def title(self) -> str:
        return str(self.assignment.submission)

    @property
    def spot(self) -> int | None:
        """Where it stands on the floor."""
        spot = getattr(self.assignment.submission, "spot", None)
        return spot.number if spot else None

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

    @property
    def minutes_each(self) -> float | None:
        """Median of the submitted ones, by what can be seen; None before the first."""
        done = [task.ballot for task in self.tasks if task.ballot and task.is_done]
        spent = [ballot.seconds for ballot in done if ballot.seconds]
        return round(median(spent) / 60, 1) if spent else None

    @property
    def minutes_left(self) -> int | None:
        each = self.minutes_each
        return None if each is None else round(each * (len(self.tasks) - self.done))

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
    assignments = assignments.select_related(*SHOWN, "ballot").defer(*UNSHOWN)
    skips = Skip.objects.filter(assignment__judge_id=user.pk)
    skipped = {skip.assignment_id: skip for skip in skips}
    scored = dict(
        Score.objects.filter(
            ballot__assignment__judge_id=user.pk, ballot__state=Ballot.State.DRAFT
        ).values_list("ballot__assignment").annotate(count=Count("pk"))
    )  # fmt: skip
    by_event: dict[Event, list[Task]] = {}
    for found in assignments.prefetch_related("submission__more_tracks"):
        ballot = getattr(found, "ballot", None)
        task = Task(found, ballot, scored.get(found.pk, 0), skipped.get(found.pk))
        by_event.setdefault(found.event, []).append(task)
    return [Desk(event, sorted(tasks, key=_order)) for event, tasks in by_event.items()]


def _order(task: Task) -> tuple[object, ...]:
    """What was skipped last comes last; otherwise by the floor, where there are spots."""
    later = task.skipped is not None and not task.is_done
    return (later, task.skipped.pk if later and task.skipped else 0, task.spot or 0)


def desk(user: Viewer, event: Event) -> Desk:
    return next(iter(desks(user, event)), Desk(event, []))


def state_of(user: Viewer, event: Event) -> str:
    """Changes with anything the list shows (the ETag of the poll); far cheaper than the list."""
    mine = Assignment.objects.visible_to(user).of(event).annotate(last=Max("skips"))
    told = mine.order_by("pk").values_list("pk", "ballot__version", "last", "submission__title")
    return hashlib.sha256(repr(list(told)).encode()).hexdigest()[:20]


def earlier_scores(user: Viewer, assignment: Assignment) -> list[tuple[str, Steps]]:
    """By criterion, the judge's own other scores: (step, titles), the best first."""
    others = Score.objects.filter(
        ballot__in=Ballot.objects.visible_to(user).exclude(assignment=assignment),
        criterion__event=assignment.event,
        value__isnull=False,
    )
    rows = others.values_list("criterion__name", "value", "ballot__assignment__submission__title")
    found: dict[str, Steps] = {}
    for criterion, value, title in rows.order_by(
        "criterion__position", "criterion", "-value", "pk"
    ):
        steps = found.setdefault(criterion, [])
        if not steps or steps[-1][0] != value:
            steps.append((value or 0, []))
        steps[-1][1].append(title)
    return list(found.items())
