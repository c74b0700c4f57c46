"""Neighbours at the top that cannot be told apart, and how many reviews would settle it.

With d the difference of two qualities, N(m, v) by the posterior, and k more judges who read both
(their severity cancels), v' = v r / (v + r) is left, where r = 2 noise^2 / k; and the mean will be
m' ~ N(m, v - v'). It is settled when P(d > 0) or P(d < 0) is at least SURE by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtr, ndtri

from judging.ranking.columns import Codes, Floats
from judging.ranking.ranking import Ranking

SURE = 0.8
MOST = 6  # reviews more that are worth asking for
PLACES = 4  # the last two decide who is third


@dataclass(frozen=True)
class CloseCall:
    """``one`` stands in ``place`` of a field (its number), ``other`` right behind it.

    ``p``: probability that this is their true order. ``reviews`` more of each are expected to
    settle it, either way, with probability ``chance``: the fewest for which that is at least SURE,
    or MOST.
    """

    field: int
    one: int
    other: int
    place: int
    p: float
    reviews: int
    chance: float


def close_calls(ranking: Ranking) -> list[CloseCall]:
    """Those among the first PLACES of each field whose order is not SURE."""
    found = []
    for field, competing in enumerate(ranking.fields):
        members = competing[ranking.reviews[competing] > 0]
        best = members[np.argsort(-ranking.mean[members], kind="stable")][:PLACES]
        for place, (one, other) in enumerate(pairwise(best), start=1):
            call = _call(ranking, int(one), int(other), field, place)
            if call.p < SURE:
                found.append(call)
    return found


def _call(ranking: Ranking, one: int, other: int, field: int, place: int) -> CloseCall:
    gap = ranking.draws[:, one] - ranking.draws[:, other]
    counts = np.arange(1, MOST + 1)
    chance = chance_to_settle(gap.mean(), gap.var(), np.median(ranking.noise), counts)
    enough = np.flatnonzero(chance >= SURE)
    best = int(enough[0]) if len(enough) else MOST - 1
    return CloseCall(
        field=field,
        one=one,
        other=other,
        place=place,
        p=float(np.mean(gap > 0)),
        reviews=int(counts[best]),
        chance=float(chance[best]),
    )


def chance_to_settle(mean: float, variance: float, noise: float, reviews: Codes) -> Floats:
    """Probability that so many reviews more of each settle the order of two entries."""
    error = 2 * noise**2 / reviews
    left = variance * error / (variance + error)
    needed, spread = ndtri(SURE) * np.sqrt(left), np.sqrt(variance - left)
    return np.asarray(ndtr((mean - needed) / spread) + ndtr((-mean - needed) / spread))
