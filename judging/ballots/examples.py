"""The examples by which judges find their scale: which comes next, and how all scored them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from accounts.models import Viewer
from events.models import Event
from judging.panel.models import Criterion, Example, ExampleScore


@dataclass(frozen=True)
class Spread:
    """Of one criterion of one example: the own step beside those of all who have scored it."""

    criterion: Criterion
    own: int
    low: int
    middle: float
    high: int
    judges: int


def waiting(user: Viewer, event: Event) -> Example | None:
    """The first example this judge has not scored."""
    scored = ExampleScore.objects.filter(judge_id=user.pk).values("example")
    return event.examples.exclude(pk__in=scored).first()


def spread(user: Viewer, event: Event) -> list[tuple[Example, list[Spread]]]:
    given: dict[tuple[int, int], list[int]] = defaultdict(list)
    own: dict[tuple[int, int], int] = {}
    criteria = {}
    scores = ExampleScore.objects.filter(example__event=event).select_related("criterion")
    for score in scores:
        key = (score.example_id, score.criterion_id)
        given[key].append(score.value)
        criteria[score.criterion_id] = score.criterion
        if score.judge_id == user.pk:
            own[key] = score.value
    return [
        (example, [_spread(c, own[key], given[key]) for c in criteria.values()
                   if (key := (example.pk, c.pk)) in own])
        for example in event.examples.all()
    ]  # fmt: skip


def _spread(criterion: Criterion, own: int, given: list[int]) -> Spread:
    return Spread(criterion, own, min(given), median(given), max(given), len(given))
