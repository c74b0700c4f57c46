"""A judge's queue: what is assigned, how far each is, which comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounts.models import User, Viewer
from events.models import Event
from judging.ballots.models import Ballot, Score, Skip
from judging.ballots.prepared import Prepared
from judging.panel.models import Assignment, Criterion
from submissions.entries.models import Submission

Steps = list[tuple[int, list[str]]]
SHOWN = (
    "submission__event",
    "submission__track",
    "submission__team",
    "submission__spot",
    "submission__entry_type",
)

# To know which criteria are asked of it.
ASKED = ("submission__event", "submission__track", "submission__entry_type")
LONG = ("submission__description", "submission__answers", "submission__event__description",
        "submission__track__description")  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One submission on the desk: what the list shows of it and no more. ``pk``: the assignment's;
    ``seconds`` spent, of a submitted one; ``scored`` criteria, of a draft."""

    event_id: int
    pk: int
    submission_id: UUID
    title: str
    several: bool  # may enter several categories
    track: str | None
    spot: int | None  # where it stands on the floor
    state: str | None  # of the score sheet; None: not begun
    seconds: int | None
    scored: int | None
    skip: int | None = None
    reason: str | None = None
    further: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.state == Ballot.State.SUBMITTED

    @property
    def is_begun(self) -> bool:
        return self.state is not None

    @property
    def skipped(self) -> str:
        """Why it was skipped last."""
        return str(Skip.Reason(self.reason).label) if self.reason else ""

    @property
    def categories(self) -> list[str]:
        return [name for name in (self.track, *self.further) if name]


@dataclass(frozen=True)
class Desk:
    event_id: int
    tasks: Sequence[Task]

    @property
    def state(self) -> str:
        """Changes with anything the list shows."""
        return hashlib.sha256(repr(self.tasks).encode()).hexdigest()[:20]

    @cached_property
    def criteria(self) -> int:
        """How many are asked; for a draft that shows how far it is."""
        return Criterion.objects.filter(event=self.event_id).count()

    @property
    def done(self) -> int:
        return sum(task.is_done for task in self.tasks)

    @property
    def minutes_each(self) -> float | None:
        """Median of the submitted ones, by what can be seen; None before the first."""
        spent = [task.seconds for task in self.tasks if task.is_done and task.seconds]
        return round(median(spent) / 60, 1) if spent else None

    @property
    def minutes_left(self) -> int | None:
        each = self.minutes_each
        return None if each is None else round(each * (len(self.tasks) - self.done))

    def next_after(self, assignment: Assignment | None = None) -> Task | None:
        """The next one not submitted, round the end of the list; None when all are."""
        after = assignment.pk if assignment else None
        start = next((at + 1 for at, task in enumerate(self.tasks) if task.pk == after), 0)
        rest = [*self.tasks[start:], *self.tasks[:start]]
        return next((task for task in rest if not task.is_done and task.pk != after), None)

    def neighbours(self, assignment: Assignment) -> tuple[int, Task | None, Task | None]:
        """(place from 1, the one before, the one after)."""
        place = [task.pk for task in self.tasks].index(assignment.pk)
        before = self.tasks[place - 1] if place else None
        after = self.tasks[place + 1] if place + 1 < len(self.tasks) else None
        return place + 1, before, after


def _rows(judge: int) -> QuerySet[Assignment, tuple[object, ...]]:
    """The fields of each `Task`, but for further categories."""
    own = OuterRef("pk")
    skips = Skip.objects.filter(assignment=own).order_by("-pk")
    seconds = Ballot.objects.submitted().filter(assignment=own).values("seconds")
    drafted = Score.objects.filter(ballot__assignment=own, ballot__state=Ballot.State.DRAFT)
    scored = drafted.order_by().values("ballot").annotate(count=Count("pk")).values("count")
    return Assignment.objects.visible_to(User(pk=judge)).in_order().values_list(
        "submission__event_id",
        "pk",
        "submission_id",
        "submission__title",
        "submission__entry_type__several_tracks",
        "submission__track__name",
        "submission__spot__number",
        "ballot__state",
        Subquery(seconds),
        Subquery(scored),
        Subquery(skips.values("pk")[:1]),
        Subquery(skips.values("reason")[:1]),
    )  # fmt: skip


_of_judge = Prepared(_rows)
_of_event = Prepared(lambda judge, event: _rows(judge).filter(submission__event_id=event))


def desk(user: Viewer, event: Event | int) -> Desk:
    """In an event (or the id of one)."""
    pk = event if isinstance(event, int) else event.pk
    return Desk(pk, _tasks(_of_event(judge=user.pk or 0, event=pk)))


def desks(user: Viewer) -> list[tuple[Event, Desk]]:
    """In each event where something is assigned to the judge."""
    tasks = _tasks(_of_judge(judge=user.pk or 0))
    events = Event.objects.in_bulk({task.event_id for task in tasks})
    return [
        (event, Desk(pk, [task for task in tasks if task.event_id == pk]))
        for pk, event in events.items()
    ]


def _tasks(rows: Iterable[tuple[object, ...]]) -> list[Task]:
    tasks = [Task(*row) for row in rows]  # type: ignore[arg-type]
    if several := [task.submission_id for task in tasks if task.several]:
        found = Submission.objects.filter(pk__in=several).prefetch_related("more_tracks")
        further = {one.pk: tuple(map(str, one.more_tracks.all())) for one in found}
        tasks = [replace(t, further=further.get(t.submission_id, ())) for t in tasks]
    return sorted(tasks, key=_order)


def _order(task: Task) -> tuple[object, ...]:
    """What was skipped last comes last; otherwise by the floor, where there are spots."""
    later = task.skip is not None and not task.is_done
    return (later, task.skip if later else 0, task.spot or 0)


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
