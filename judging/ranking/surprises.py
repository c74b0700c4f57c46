"""Scores that stand out, and judges whose scores hardly follow the work: with the evidence.

What a score is held against are the *other* judges of the same entry, each taken without his
severity and weighed by his noise, leaning towards the track's middle as far as they are few:

    m_-j = (sum_k w_k (y_ik + severity_k) + w_0 m_t) / (sum_k w_k + w_0),   w_k = 1 / noise_k^2
    z_ij = (y_ij + severity_j - m_-j) / sqrt(noise^2 + 1 / (sum_k w_k + w_0))

with the panel's median noise, so that who pushes does not hide behind the noise he makes. A judge
with r reviews is pointed out when his largest z is one that ALARM or fewer of honest judges would
reach, P = 1 - Phi(z)^r (Sidak's correction); and when the model holds him for careless. How often
honest judges are pointed out in simulation stands in docs/judging.md (`bench.judging --alarms`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import log_ndtr

from judging.ranking.columns import Codes, Floats
from judging.ranking.ranking import Ranking
from judging.ranking.reviews import Reviews

ALARM = 0.005  # of a judge's largest surprise
CARELESS = 0.9
ENOUGH = 5  # reviews, before anything is said of a judge


@dataclass(frozen=True)
class Surprise:
    """``judge`` gave ``entry`` a score of ``given``; by the others ``expected`` is likely of him.

    ``kind``: "pushes" (much above what the others say) or "careless" (the scores have, with
    probability ``p``, nothing to do with the work; then ``entry`` is None).
    """

    judge: int
    kind: Literal["pushes", "careless"]
    p: float
    entry: int | None = None
    given: float = 0.0
    expected: float = 0.0


def surprises(ranking: Ranking, reviews: Reviews) -> list[Surprise]:
    """What an organizer should look at, by judge; nobody's scores are changed by it."""
    enough = np.bincount(reviews.judge, minlength=reviews.judges) >= ENOUGH
    found = [
        Surprise(int(judge), "careless", float(ranking.careless[judge]))
        for judge in np.flatnonzero(enough & (ranking.careless > CARELESS))
    ]
    z, expected = against_the_others(ranking, reviews)
    for judge in np.flatnonzero(enough):
        mine = np.flatnonzero(reviews.judge == judge)
        best = mine[np.argmax(z[mine])]
        p = -np.expm1(len(mine) * log_ndtr(z[best]))
        if p <= ALARM:
            entry, given = int(reviews.entry[best]), float(reviews.score[best])
            told = {"entry": entry, "given": given, "expected": float(expected[best])}
            found.append(Surprise(int(judge), "pushes", float(p), **told))  # type: ignore[arg-type]
    return found


def against_the_others(ranking: Ranking, reviews: Reviews) -> tuple[Floats, Floats]:
    """(m,) of each review: z as above, and what the judge would be expected to give."""
    entry, judge, n = reviews.entry, reviews.judge, reviews.entries
    middle, spread = _tracks(ranking)
    prior = 1 / spread[ranking.track] ** 2
    weight = 1 / ranking.noise[judge] ** 2
    fair = reviews.score + ranking.severity[judge]
    total = np.bincount(entry, weight, minlength=n) + prior
    pull = np.bincount(entry, weight * fair, minlength=n) + prior * middle[ranking.track]
    rest = total[entry] - weight
    others = (pull[entry] - weight * fair) / rest
    noise = float(np.median(ranking.noise)) if len(ranking.noise) else 1.0
    z = (fair - others) / np.sqrt(noise**2 + 1 / rest)
    return z, others - ranking.severity[judge]


def _tracks(ranking: Ranking) -> tuple[Floats, Floats]:
    """Middle and spread of the qualities of each track, (T,)."""
    codes: Codes = np.unique(ranking.track)
    middle, spread = np.zeros(len(codes)), np.ones(len(codes))
    for code in codes:
        members = ranking.track == code
        middle[code] = ranking.mean[members].mean()
        variance = ranking.mean[members].var() + np.mean(ranking.sd[members] ** 2)
        spread[code] = np.sqrt(max(variance, 1e-6))
    return middle, spread
