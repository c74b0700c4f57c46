"""Which review to ask for next: the one after which the podium is expected to be least uncertain.

Uncertainty is Shannon's entropy of who is first, plus that of who is among the first three, in a
track. The expected entropy after a review (D. V. Lindley, "On a Measure of the Information Provided
by an Experiment", 1956; for contests X. Chen and others, "Pairwise Ranking Aggregation in a
Crowdsourced Setting", WSDM 2013) is found without another fit: the draws of the posterior are
weighed by the likelihood of each score that the review might give (Gauss-Hermite nodes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from judging.ranking.columns import Codes, Floats
from judging.ranking.ranking import Ranking, in_top

FLOOR = 2  # reviews that every entry gets before any gets more
CAP = 10  # reviews that no entry gets more than
NODES = 5  # scores that a review might give
DRAWS = 1000
TOP = 3

Flags = NDArray[np.bool_]
Cause = Literal["few", "first", "top"]


@dataclass(frozen=True)
class Choice:
    """``cause``: it has too "few" reviews, or decides about the "first" place or the "top" three.

    ``gain``: by how much the podium's entropy is expected to fall, in nats.
    """

    entry: int
    cause: Cause
    gain: float


def next_best(
    ranking: Ranking,
    judge: int | None,
    *,
    allowed: Flags,
    pending: Codes,
    floor: int = FLOOR,
    cap: int = CAP,
) -> Choice | None:
    """What this judge should review next; None when there is nothing.

    ``judge`` is a code of the ranking, None for one without reviews. ``allowed`` (n,): no conflict,
    and not this judge's already. ``pending`` (n,): reviews under way. Each of them halves, thirds,
    … what the next one is worth, so that judges who ask at once are spread.
    """
    given = ranking.reviews + pending
    open_ = np.flatnonzero(allowed & (given < cap))
    if not len(open_):
        return None
    fewest = given[open_].min()
    if fewest < floor:
        open_ = open_[given[open_] == fewest]
    first, top = expected_gain(ranking, judge, open_)
    worth = (first + top) / (1 + pending[open_])
    # Without a difference (a judge who scores at random), whoever has the fewest.
    best = int(np.lexsort((given[open_], -worth.round(3)))[0])
    cause: Cause = "first" if first[best] >= top[best] else "top"
    return Choice(
        entry=int(open_[best]),
        cause="few" if fewest < floor else cause,
        gain=float(first[best] + top[best]),
    )


def _hopeful(ranking: Ranking, members: Codes) -> Flags:
    """Who of a field can still be among its first three (f,): whose interval reaches to the
    third's."""
    bar = np.sort(ranking.low[members])[-TOP:][0]
    return np.asarray(ranking.high[members] >= bar)


def expected_gain(
    ranking: Ranking, judge: int | None, entries: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """How far the entropies of the first place and of the top three fall, each (entries,), nats.

    As one more review by the judge is expected to do it, for each of the entries alone, summed over
    the fields it competes in; 0 for those that cannot come among the first three.
    """
    first, top = np.zeros(len(entries)), np.zeros(len(entries))
    for members in ranking.fields:
        hopeful = members[_hopeful(ranking, members)] if len(members) else members
        asked = np.flatnonzero(np.isin(entries, hopeful))
        if not len(asked):
            continue
        quality = ranking.draws[:DRAWS, members]
        expected, noise = ranking.review_draws(judge, entries[asked], DRAWS)
        chance, weight = _after(expected, noise)
        member = np.hstack([in_top(quality, 1), in_top(quality, TOP)]).astype(np.float32)
        # Beside other draws' places the weights tell nothing, so what seems to be gained there
        # (fewer draws that count look less uncertain) is what to leave out.
        blank = np.roll(member, 1, axis=0)
        then = np.split(chance @ np.hstack([member, blank]), 4, axis=1)
        for found, measure, (real, none) in (
            (first, entropy, then[::2]),
            (top, entropy_each, then[1::2]),
        ):
            fall = measure(none) - measure(real)
            found[asked] += fall.reshape(len(asked), -1) @ weight
    # From who scores without regard to quality nothing is learnt.
    honest = 1.0 if judge is None else 1 - ranking.careless[judge]
    return honest * first, honest * top


def _after(expected: Floats, noise: float) -> tuple[Floats, Floats]:
    """The draws' weights after each possible score of each review: (entries * NODES, draws).

    ``expected`` (entries, draws): what the judge would give without noise. Beside it (NODES,): how
    likely each score is. In single precision: the draws are what limits it.
    """
    node, weight = np.polynomial.hermite_e.hermegauss(NODES)
    spread = np.hypot(expected.std(axis=1), noise)
    score = expected.mean(axis=1)[:, None] + spread[:, None] * node
    away = (score[:, :, None] / noise).astype(np.float32)
    away = away - (expected[:, None, :] / noise).astype(np.float32)
    np.square(away, out=away)
    away -= away.min(axis=2, keepdims=True)
    away *= -0.5
    likely = np.exp(away, out=away)
    likely /= likely.sum(axis=2, keepdims=True)
    return likely.reshape(-1, expected.shape[1]), weight / weight.sum()


def entropy(chance: Floats) -> Floats:
    """Of one choice among many, over the last axis."""
    return np.asarray(special.entr(chance).sum(axis=-1))


def entropy_each(chance: Floats) -> Floats:
    """Of many choices between yes and no, summed over the last axis."""
    chance = np.clip(chance, 0.0, 1.0)
    return np.asarray((special.entr(chance) + special.entr(1 - chance)).sum(axis=-1))
