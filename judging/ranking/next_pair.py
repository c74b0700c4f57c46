"""Which two entries to show a judge who compares: those whose answer settles most.

As in ``judging.ranking.next_review``, the draws of the posterior are weighed by the likelihood of
either answer (``judging.ranking.comparisons``), and the fall of the entropies of the first place
and of the top three is what an answer is expected to be worth.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

import numpy as np
from scipy.special import ndtr

from judging.ranking.columns import Codes, Floats
from judging.ranking.next_review import DRAWS, FLOOR, TOP, Flags, entropy, entropy_each
from judging.ranking.ranking import Ranking, in_top

CONTENDERS = 12  # of each field whose pairs are weighed against each other

Pair = tuple[int, int]


def next_pair(
    ranking: Ranking,
    judge: int | None,
    *,
    allowed: Flags,
    seen: Codes,
    answered: Collection[Pair] = (),
    floor: int = FLOOR,
) -> Pair | None:
    """Two entries of one field that this judge should compare; None when there are none.

    ``judge`` is a code of the ranking, None for one who has said nothing. ``allowed`` (n,): no
    conflict. ``seen`` (n,): how often each was judged, in reviews and pairs; those below ``floor``
    come first, beside their nearest neighbour. ``answered``: the judge's own pairs, either way
    round.
    """
    done = {frozenset(pair) for pair in answered}
    rare = np.flatnonzero(allowed & (seen < floor))
    for entry in rare[np.argsort(seen[rare], kind="stable")]:
        if pair := _beside(ranking, int(entry), allowed, done):
            return pair
    worth = {
        pair: gain
        for members in ranking.fields
        for pair, gain in _gains(ranking, judge, members, allowed, done).items()
    }
    return max(worth, key=worth.__getitem__, default=None)


def _beside(
    ranking: Ranking, entry: int, allowed: Flags, done: Collection[frozenset[int]]
) -> Pair | None:
    """The entry and the nearest of its fields that this judge has not compared with it."""
    rival = np.zeros(len(allowed), dtype=bool)
    for members in ranking.fields:
        rival[members] |= entry in members
    near = np.argsort(np.abs(ranking.mean - ranking.mean[entry]), kind="stable")
    for other in near[(allowed & rival)[near]]:
        if other != entry and frozenset((entry, int(other))) not in done:
            return entry, int(other)
    return None


def _gains(
    ranking: Ranking,
    judge: int | None,
    members: Codes,
    allowed: Flags,
    done: Collection[frozenset[int]],
) -> dict[Pair, float]:
    """What each pair of a field's contenders is expected to settle, in nats."""
    able = members[allowed[members]]
    best = able[np.argsort(-ranking.high[able], kind="stable")][:CONTENDERS]
    pairs = [(int(a), int(b)) for a, b in combinations(best, 2) if {int(a), int(b)} not in done]
    if not pairs:
        return {}
    one, other = np.array(pairs).T
    scale = 1.0 if judge is None else float(ranking.scale[judge])
    noise = float(np.median(ranking.noise) if judge is None else ranking.noise[judge])
    gap = ranking.draws[:DRAWS, one] - ranking.draws[:DRAWS, other]
    better = ndtr(scale * gap / (np.sqrt(2) * noise)).T  # (pairs, draws)
    quality = ranking.draws[:DRAWS, members]
    gain = sum(_fall(better, in_top(quality, k), each) for k, each in ((1, False), (TOP, True)))
    honest = 1.0 if judge is None else 1 - ranking.careless[judge]
    return dict(zip(pairs, (honest * np.asarray(gain)).tolist(), strict=True))


def _fall(better: Floats, member: Floats, each: bool) -> Floats:
    """Expected fall of the entropy of who is a `member` (draws, n), for each pair."""
    measure = entropy_each if each else entropy
    blank = np.roll(member, 1, axis=0)  # as in next_review: what fewer draws alone would gain
    fall = np.zeros(len(better))
    for answer in (better, 1 - better):
        weight = answer / answer.sum(axis=1, keepdims=True)
        fall += answer.mean(axis=1) * (measure(weight @ blank) - measure(weight @ member))
    return fall
