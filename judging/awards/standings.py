"""The ranking of an event, from the ballots that count; and the hash of what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Track
from judging.awards.heard import Heard, heard_of
from judging.ballots.tally import Inputs, Rivals, gather
from judging.ranking import (
    VERSION,
    CloseCall,
    Ranking,
    Reviews,
    close_calls,
    fit_ranking,
    median,
    raw_mean,
    read_reviews,
    surprises,
    z_score,
)
from submissions.entries.models import EntryType, Submission

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
    median: float | None
    z: float | None
    median_place: int | None
    z_place: int | None
    p_first: float
    p_top: float
    reviews: int
    judged: bool
    severity: float  # of its judges, on average: above 0 they were strict
    heard: Sequence[Heard] = ()  # score by score, where the raw mean puts it elsewhere

    @property
    def disagrees(self) -> bool:
        """Whether the raw mean would put it elsewhere, equals in any order."""
        if self.raw_place is None or self.raw_last is None:
            return False
        return not self.raw_place <= self.place <= self.raw_last


@dataclass(frozen=True)
class Pointed:
    """A judge of whom an organizer should know something, with the evidence: see `Surprise`."""

    judge: User
    kind: str
    p: float
    submission: Submission | None
    given: float
    expected: float


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
    rivals: Rivals


@dataclass(frozen=True)
class Contest:
    """What competes: one type of submission in one track, the best first. ``mixed``: the event has
    several types, so that the track alone does not name it."""

    track: Track
    entry_type: EntryType
    rows: Sequence[Standing]
    mixed: bool

    def __str__(self) -> str:
        return f"{self.track} · {self.entry_type}" if self.mixed else str(self.track)

    @property
    def key(self) -> str:
        """In what is kept and in addresses."""
        return f"{self.track.slug}/{self.entry_type.slug}" if self.mixed else self.track.slug


@dataclass(frozen=True)
class Standings:
    contests: Sequence[Contest]
    judges: Sequence[JudgeStanding]
    close: Sequence[Close]
    pointed: Sequence[Pointed]
    input_hash: str

    def snapshot(self) -> dict[str, Any]:
        """The figures as JSON, to be kept with the publication."""
        return {
            "model": VERSION,
            "tracks": {
                contest.key: [
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
                    for row in contest.rows
                ]
                for contest in self.contests
            },
            "judges": {str(j.judge.pk): round(j.severity, 4) for j in self.judges},
        }


@dataclass(frozen=True)
class Figures:
    """All that is computed, in the codes of the inputs."""

    inputs: Inputs
    ranking: Ranking
    reviews: Reviews
    plain: dict[str, np.ndarray]  # raw, median, z: (n,)
    strict: np.ndarray  # (n,) mean severity of the judges each submission met

    def rank_by(self, name: str, code: int, members: np.ndarray) -> tuple[int, int]:
        """(first, last) place among its equals that a plain figure would give among these."""
        value = self.plain[name]
        rivals = value[members]
        above = int(np.sum(rivals > value[code] + TIE)) + 1
        return above, int(np.sum(rivals > value[code] - TIE))


def compute(event: Event) -> Figures:
    inputs = gather(event)
    columns, options = inputs.arrays()
    fields = options.pop("fields")
    ranking = fit_ranking(*columns, fields=fields, **options)
    reviews = read_reviews(*columns, **options)
    plain = {"raw": raw_mean(reviews), "median": median(reviews), "z": z_score(reviews)}
    strict = _severity_met(ranking, reviews)
    return Figures(inputs, ranking, reviews, plain, strict)


def standings(event: Event) -> Standings:
    """Ranks all submissions of the event, each within every track that it enters."""
    figures = compute(event)
    inputs = figures.inputs
    mixed = len({entry_type for _track, entry_type in inputs.contests}) > 1
    contests = [_contest(figures, rivals, mixed) for rivals in inputs.contests]
    return Standings(
        contests=sorted(contests, key=_order),
        judges=_judges(figures),
        close=_close(figures),
        pointed=_pointed(figures),
        input_hash=inputs.sha256,
    )


def _contest(figures: Figures, rivals: Rivals, mixed: bool) -> Contest:
    """The rows of one contest; those nobody judged come last: the model knows nothing of them."""
    ranking, members = figures.ranking, np.array(figures.inputs.contests[rivals])
    judged = judged_codes(figures)[members]
    first, top = ranking.p_within(members, 1), ranking.p_within(members, 3)
    rows = []
    for place, at in enumerate(np.lexsort((-ranking.mean[members], ~judged)), start=1):
        chances = {"p_first": float(first[at]), "p_top": float(top[at])}
        told = {"place": place, "judged": bool(judged[at]), **chances}
        rows.append(_standing(figures, int(members[at]), members, **told))
    track, entry_type = figures.inputs.named[rivals]
    track = track or Track(name=_("Without a category"), position=9999)
    return Contest(track, entry_type, rows, mixed)


def _close(figures: Figures) -> list[Close]:
    entrants, contests = figures.inputs.entrants, list(figures.inputs.contests)
    return [
        Close(entrants[c.one].submission, entrants[c.other].submission, c, contests[c.field])
        for c in close_calls(figures.ranking)
    ]


def _order(contest: Contest) -> tuple[int, int, int]:
    return contest.track.position, contest.track.pk or 0, contest.entry_type.pk


def judged_codes(figures: Figures) -> np.ndarray:
    """Whether anybody scored or compared it, (n,)."""
    compared = figures.reviews.compared
    seen = np.r_[figures.reviews.entry, compared.winner, compared.loser]
    return np.bincount(seen, minlength=len(figures.ranking.mean)) > 0


def _standing(figures: Figures, code: int, members: np.ndarray, **told: Any) -> Standing:
    """``told``: what is of this contest; the rest is the entrant's own."""
    ranking, plain = figures.ranking, figures.plain
    known = bool(ranking.reviews[code] > 0)
    first, last = figures.rank_by("raw", code, members) if known else (None, None)
    return Standing(
        **told,
        submission=figures.inputs.entrants[code].submission,
        raw_place=first,
        raw_last=last,
        mean=float(ranking.mean[code]),
        low=float(ranking.low[code]),
        high=float(ranking.high[code]),
        raw=float(plain["raw"][code]) if known else None,
        median=float(plain["median"][code]) if known else None,
        z=float(plain["z"][code]) if known else None,
        median_place=figures.rank_by("median", code, members)[0] if known else None,
        z_place=figures.rank_by("z", code, members)[0] if known else None,
        reviews=int(ranking.reviews[code]),
        severity=float(figures.strict[code]),
        heard=heard_of(ranking, figures.reviews, figures.inputs.judges, code),
    )


def _severity_met(ranking: Ranking, reviews: Reviews) -> np.ndarray:
    total = np.bincount(reviews.entry, ranking.severity[reviews.judge], minlength=len(ranking.mean))
    return np.asarray(total / np.maximum(ranking.reviews, 1))


def _pointed(figures: Figures) -> list[Pointed]:
    judges, entrants = figures.inputs.judges, figures.inputs.entrants
    return [
        Pointed(
            judge=judges[found.judge],
            kind=found.kind,
            p=found.p,
            submission=None if found.entry is None else entrants[found.entry].submission,
            given=found.given,
            expected=found.expected,
        )
        for found in surprises(figures.ranking, figures.reviews)
    ]


def _read(figures: Figures) -> set[tuple[int, Any]]:
    """(judge, submission) of each review, however many contests it counts in."""
    entrants, reviews = figures.inputs.entrants, figures.reviews
    return {
        (int(judge), entrants[entry].submission.pk)
        for judge, entry in zip(reviews.judge, reviews.entry, strict=True)
    }


def _judges(figures: Figures) -> list[JudgeStanding]:
    ranking, size = figures.ranking, len(figures.inputs.judges)
    given = np.bincount([judge for judge, _entry in _read(figures)], minlength=size)
    return [
        JudgeStanding(
            judge=judge,
            reviews=int(given[code]),
            severity=float(ranking.severity[code]),
            noise=float(ranking.noise[code]),
            careless=float(ranking.careless[code]),
        )
        for code, judge in enumerate(figures.inputs.judges)
    ]
