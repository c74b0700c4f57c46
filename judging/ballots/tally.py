"""What the ballots that count say, as the ranking takes it; and the hash of it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from accounts.models import User
from events.models import Event
from judging.ballots.models import Ballot, Comparison, Score
from judging.panel.models import Criterion
from submissions.entries.models import Submission


@dataclass(frozen=True)
class Inputs:
    """Everything the ranking depends on, in a fixed order."""

    submissions: Sequence[Submission]
    judges: Sequence[User]
    criteria: Sequence[Criterion]
    scores: Sequence[tuple[int, Any, int, int]]  # judge, submission, criterion (ids), step
    answers: Sequence[tuple[int, Any, Any]] = ()  # judge, better, other (ids)

    @property
    def sha256(self) -> str:
        told = {
            "submissions": [[str(s.pk), s.track_id] for s in self.submissions],
            "criteria": [[c.pk, c.weight, c.steps] for c in self.criteria],
            "scores": [[judge, str(entry), *rest] for judge, entry, *rest in self.scores],
        }
        if len({s.entry_type_id for s in self.submissions}) > 1:
            told["types"] = [s.entry_type_id for s in self.submissions]
        if self.answers:
            told["answers"] = [[judge, str(one), str(two)] for judge, one, two in self.answers]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def arrays(self) -> tuple[tuple[np.ndarray, ...], dict[str, Any]]:
        """What `fit_ranking` takes; shorter scales are stretched to the longest."""
        judge = {user.pk: code for code, user in enumerate(self.judges)}
        entry = {submission.pk: code for code, submission in enumerate(self.submissions)}
        criterion = {c.pk: code for code, c in enumerate(self.criteria)}
        rivals = list(dict.fromkeys(rivals_of(s) for s in self.submissions))
        top = max((c.steps for c in self.criteria), default=2)
        stretch = {c.pk: (top - 1) / (c.steps - 1) for c in self.criteria}
        weight = [c.weight for c in self.criteria]
        rows = self.scores
        return (
            np.array([judge[j] for j, _e, _c, _v in rows], dtype=int),
            np.array([entry[e] for _j, e, _c, _v in rows], dtype=int),
            np.array([1 + (v - 1) * stretch[c] for _j, _e, c, v in rows], dtype=float),
        ), {
            "criterion": np.array([criterion[c] for _j, _e, c, _v in rows], dtype=int),
            "weight": weight if any(weight) else None,  # all zero: equal
            "track": [rivals.index(rivals_of(s)) for s in self.submissions],
            "comparison_judge": np.array([judge[j] for j, _w, _l in self.answers], dtype=int),
            "winner": np.array([entry[w] for _j, w, _l in self.answers], dtype=int),
            "loser": np.array([entry[k] for _j, _w, k in self.answers], dtype=int),
        }


def rivals_of(submission: Submission) -> tuple[int | None, int]:
    """What it competes with: the same type in the same track, which may be none."""
    return submission.track_id, submission.entry_type_id


def gather(event: Event) -> Inputs:
    """Reads the ballots that count."""
    scores = _scores(event)
    answers = list(_answers(event))
    submissions = event.submissions.submitted().select_related(
        "track", "team", "event", "entry_type"
    )
    return Inputs(
        submissions=list(submissions.order_by("track__position", "track_id", "pk")),
        judges=list(
            User.objects.filter(pk__in={row[0] for row in [*scores, *answers]}).order_by("pk")
        ),
        criteria=list(event.criteria.order_by("pk")),
        scores=scores,
        answers=answers,
    )


def _scores(event: Event) -> list[tuple[int, Any, int, int]]:
    """(judge, submission, criterion, step) in order. Which ballots count is asked once for each,
    not once for each of its scores."""
    counted = Ballot.objects.counted().filter(assignment__submission__event=event)
    rows = counted.values_list("pk", "assignment__judge", "assignment__submission")
    whose = {pk: (judge, submission) for pk, judge, submission in rows}
    given = Score.objects.filter(criterion__event=event, value__isnull=False)
    told: Iterable[Any] = given.values_list("ballot", "criterion", "value")
    return sorted((*whose[pk], criterion, step) for pk, criterion, step in told if pk in whose)


def _answers(event: Event) -> Iterator[tuple[int, Any, Any]]:
    """(judge, better, other) of the comparisons that count, one for each pair a judge answered.

    Where criteria were asked one by one, whoever has more of their weight is the better one: their
    answers have the judge's impression in common, so several are not as good as several judges.
    """
    kept = Comparison.objects.counted(event).order_by("judge", "pk")
    rows = kept.values_list("judge", "one", "other", "better", "criterion__weight")
    pairs: dict[tuple[int, Any, Any], list[tuple[Any, float | None]]] = {}
    for judge, one, other, better, weight in rows:
        pairs.setdefault((judge, one, other), []).append((better, weight))
    for (judge, one, other), told in pairs.items():
        best = _better(one, other, told)
        if best is not None:
            yield judge, best, other if best == one else one


def _better(one: Any, other: Any, told: Sequence[tuple[Any, float | None]]) -> Any:
    """The better of two, None for "cannot tell"; what was said overall goes before criteria."""
    for better, weight in told:
        if weight is None and better is not None:
            return better
    lead = sum((weight or 0) * ((better == one) - (better == other)) for better, weight in told)
    if abs(lead) < 1e-9:
        return None
    return one if lead > 0 else other
