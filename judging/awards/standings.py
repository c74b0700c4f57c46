"""The ranking of an event, from the ballots that count; and the hash of what it was made from."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from accounts.models import User
from events.models import Event, Track
from judging.ballots.models import Ballot, Score
from judging.panel.models import Criterion
from judging.ranking import Ranking, fit_ranking, raw_mean, read_reviews
from submissions.entries.models import Submission

TIE = 1e-9


@dataclass(frozen=True)
class Inputs:
    """Everything the ranking depends on, in a fixed order."""

    submissions: Sequence[Submission]
    judges: Sequence[User]
    criteria: Sequence[Criterion]
    scores: Sequence[tuple[int, Any, int, int]]  # judge, submission, criterion (ids), step

    @property
    def sha256(self) -> str:
        told = {
            "submissions": [[str(s.pk), s.track_id] for s in self.submissions],
            "criteria": [[c.pk, c.weight, c.steps] for c in self.criteria],
            "scores": [[judge, str(entry), *rest] for judge, entry, *rest in self.scores],
        }
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def arrays(self) -> tuple[tuple[np.ndarray, ...], dict[str, Any]]:
        """What `fit_ranking` takes; shorter scales are stretched to the longest."""
        judge = {user.pk: code for code, user in enumerate(self.judges)}
        entry = {submission.pk: code for code, submission in enumerate(self.submissions)}
        criterion = {c.pk: code for code, c in enumerate(self.criteria)}
        tracks = sorted({s.track_id for s in self.submissions})
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
            "track": [tracks.index(s.track_id) for s in self.submissions],
        }


@dataclass(frozen=True)
class Standing:
    """One submission in the ranking of its track."""

    submission: Submission
    place: int
    raw_place: int | None  # where the raw mean would put it, the first of its equals
    raw_last: int | None  # the last of its equals
    mean: float
    low: float
    high: float
    raw: float | None
    p_first: float
    p_top: float
    reviews: int
    severity: float  # of its judges, on average: above 0 they were strict

    @property
    def disagrees(self) -> bool:
        """Whether the raw mean would put it elsewhere, equals in any order."""
        if self.raw_place is None or self.raw_last is None:
            return False
        return not self.raw_place <= self.place <= self.raw_last


@dataclass(frozen=True)
class JudgeStanding:
    judge: User
    reviews: int
    severity: float
    noise: float
    careless: float


@dataclass(frozen=True)
class Standings:
    tracks: Sequence[tuple[Track, Sequence[Standing]]]
    judges: Sequence[JudgeStanding]
    input_hash: str

    def snapshot(self) -> dict[str, Any]:
        """The figures as JSON, to be kept with the publication."""
        return {
            "tracks": {
                track.slug: [
                    {
                        "submission": str(row.submission.pk),
                        "place": row.place,
                        "mean": round(row.mean, 4),
                        "low": round(row.low, 4),
                        "high": round(row.high, 4),
                        "p_first": round(row.p_first, 4),
                        "p_top": round(row.p_top, 4),
                        "reviews": row.reviews,
                    }
                    for row in rows
                ]
                for track, rows in self.tracks
            },
            "judges": {str(j.judge.pk): round(j.severity, 4) for j in self.judges},
        }


def gather(event: Event) -> Inputs:
    """Reads the ballots that count."""
    counted = Score.objects.filter(ballot__in=Ballot.objects.counted(), criterion__event=event)
    rows = counted.order_by(
        "ballot__assignment__judge", "ballot__assignment__submission", "criterion"
    ).values_list(
        "ballot__assignment__judge", "ballot__assignment__submission", "criterion", "value"
    )
    scores = list(rows)
    submissions = event.submissions.submitted().select_related("track", "team", "event")
    return Inputs(
        submissions=list(submissions.order_by("track__position", "track_id", "pk")),
        judges=list(User.objects.filter(pk__in={row[0] for row in scores}).order_by("pk")),
        criteria=list(event.criteria.order_by("pk")),
        scores=scores,
    )


def standings(event: Event) -> Standings:
    """Ranks all submissions of the event, each within its track."""
    inputs = gather(event)
    columns, options = inputs.arrays()
    ranking = fit_ranking(*columns, **options)
    reviews = read_reviews(*columns, **options)
    raw = raw_mean(reviews)
    strict = _severity_met(ranking, reviews.judge, reviews.entry)
    top = ranking.p_top(3)
    tracks: dict[Track, list[Standing]] = {}
    # Those nobody reviewed come last: the model knows nothing of them.
    for code in np.lexsort((-ranking.mean, ranking.reviews == 0)):
        rows = tracks.setdefault(inputs.submissions[code].track, [])
        rows.append(_standing(code, inputs, ranking, raw, strict, top, place=len(rows) + 1))
    ordered = sorted(tracks.items(), key=lambda pair: (pair[0].position, pair[0].pk))
    given = np.bincount(reviews.judge, minlength=len(inputs.judges))
    return Standings(ordered, _judges(inputs, ranking, given), inputs.sha256)


def _standing(
    code: int,
    inputs: Inputs,
    ranking: Ranking,
    raw: np.ndarray,
    strict: np.ndarray,
    top: np.ndarray,
    *,
    place: int,
) -> Standing:
    known = ranking.reviews[code] > 0
    rivals = raw[ranking.track == ranking.track[code]]
    return Standing(
        submission=inputs.submissions[code],
        place=place,
        raw_place=int(np.sum(rivals > raw[code] + TIE)) + 1 if known else None,
        raw_last=int(np.sum(rivals > raw[code] - TIE)) if known else None,
        mean=float(ranking.mean[code]),
        low=float(ranking.low[code]),
        high=float(ranking.high[code]),
        raw=float(raw[code]) if known else None,
        p_first=float(ranking.p_first[code]),
        p_top=float(top[code]),
        reviews=int(ranking.reviews[code]),
        severity=float(strict[code]),
    )


def _severity_met(ranking: Ranking, judge: np.ndarray, entry: np.ndarray) -> np.ndarray:
    """Mean severity of the judges each submission met, (n,)."""
    total = np.bincount(entry, ranking.severity[judge], minlength=len(ranking.mean))
    return np.asarray(total / np.maximum(ranking.reviews, 1))


def _judges(inputs: Inputs, ranking: Ranking, given: np.ndarray) -> list[JudgeStanding]:
    return [
        JudgeStanding(
            judge=judge,
            reviews=int(given[code]),
            severity=float(ranking.severity[code]),
            noise=float(ranking.noise[code]),
            careless=float(ranking.careless[code]),
        )
        for code, judge in enumerate(inputs.judges)
    ]
