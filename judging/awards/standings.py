"""The ranking of an event, from the ballots that count; and the hash of what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from accounts.models import User
from events.models import Event, Track
from judging.ballots.tally import Inputs, gather
from judging.ranking import (
    VERSION,
    CloseCall,
    Ranking,
    close_calls,
    fit_ranking,
    raw_mean,
    read_reviews,
)
from submissions.entries.models import Submission

TIE = 1e-9


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
class Close:
    """Two neighbours at the top that cannot be told apart, see `CloseCall`."""

    one: Submission
    other: Submission
    call: CloseCall


@dataclass(frozen=True)
class Standings:
    tracks: Sequence[tuple[Track, Sequence[Standing]]]
    judges: Sequence[JudgeStanding]
    close: Sequence[Close]
    input_hash: str

    def snapshot(self) -> dict[str, Any]:
        """The figures as JSON, to be kept with the publication."""
        return {
            "model": VERSION,
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
    submissions = inputs.submissions
    return Standings(
        tracks=ordered,
        judges=_judges(inputs, ranking, given),
        close=[Close(submissions[c.one], submissions[c.other], c) for c in close_calls(ranking)],
        input_hash=inputs.sha256,
    )


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
