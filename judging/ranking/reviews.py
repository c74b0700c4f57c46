"""What the judges said, checked and folded: one score for each review, criteria weighed; and which
of two entries they found better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from judging.ranking.columns import Codes, Floats, codes, numbers
from judging.ranking.comparisons import MOST_ENTRIES, Comparisons, read_comparisons
from judging.ranking.steps import spaced


@dataclass(frozen=True)
class Reviews:
    """m reviews of n entries by J judges, on the judges' own scale, in the order of the entries.

    ``judge``, ``entry`` (m,) codes; ``score`` (m,) weighed mean over the criteria; ``spread`` (m,)
    variance of that mean relative to a review without gaps (1 = all criteria scored);
    ``track`` (n,) codes 0..T-1; ``compared``: the pairwise answers of the same judges.
    """

    judge: Codes
    entry: Codes
    score: Floats
    spread: Floats
    track: Codes
    judges: int
    compared: Comparisons

    @property
    def entries(self) -> int:
        """How many entries there are, reviewed or not."""
        return len(self.track)

    @property
    def tracks(self) -> int:
        """How many tracks there are."""
        return int(self.track.max()) + 1 if len(self.track) else 0


def read_reviews(
    judge: ArrayLike,
    entry: ArrayLike,
    score: ArrayLike,
    *,
    criterion: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    track: ArrayLike | None = None,
    comparison_judge: ArrayLike | None = None,
    winner: ArrayLike | None = None,
    loser: ArrayLike | None = None,
    spacing: bool = False,
) -> Reviews:
    """Check the long form and fold its criteria into reviews.

    With ``spacing`` the steps are as far apart as they are used (``judging.ranking.steps``).

    Raises ``ValueError`` with a sentence when lengths differ, a code is negative or not whole, a
    score is not finite, a weight is negative or all are zero, or a cell is given twice.
    """
    judges, entries = codes(judge, "judge"), codes(entry, "entry")
    scores = numbers(score, "score")
    criteria = np.zeros_like(judges) if criterion is None else codes(criterion, "criterion")
    if not len(judges) == len(entries) == len(scores) == len(criteria):
        raise ValueError("judge, entry, score and criterion must be of one length.")
    compared = read_comparisons(comparison_judge, winner, loser)
    tracks = _tracks(track, np.r_[entries, compared.winner, compared.loser])
    if len(compared) and len(tracks) > MOST_ENTRIES:
        raise ValueError(f"Comparisons are taken for at most {MOST_ENTRIES} entries.")
    weights = _weights(weight, criteria)
    if spacing:
        scores = spaced(scores, criteria)
    kept = weights[criteria] > 0
    columns = judges[kept], entries[kept], criteria[kept], scores[kept]
    size = int(np.r_[judges, compared.judge].max(initial=-1)) + 1
    folded = _fold(*columns, weights, tracks)
    return Reviews(*folded, track=tracks, judges=size, compared=compared)


def _fold(
    judge: Codes, entry: Codes, criterion: Codes, score: Floats, weight: Floats, track: Codes
) -> tuple[Codes, Codes, Floats, Floats]:
    """One weighed mean per review; a criterion left out counts as that criterion's average.

    Complete is a review with all criteria that anybody scored in its track.

    The spread takes half of a review's error as common to its criteria (halo) and half as each
    criterion's own, so a review with one of four criteria is worth less, but not a quarter.
    """
    n_judges, n_entries = judge.max(initial=0) + 1, entry.max(initial=0) + 1
    pair = entry * n_judges + judge
    if len(np.unique(criterion * n_judges * n_entries + pair)) < len(pair):
        raise ValueError("A judge scored the same criterion of the same entry twice.")
    if not len(score):
        return judge, entry, score, score.copy()
    average = _means(criterion, score, len(weight))
    full = _full_weights(track[entry], criterion, weight)
    here = full[track[entry], criterion]
    pairs, review = np.unique(pair, return_inverse=True)
    where = track[pairs // n_judges]
    total = np.bincount(review, here)
    deviation = np.bincount(review, here * (score - average[criterion])) / total
    own = np.bincount(review, here**2) / total**2
    spread = 0.5 + 0.5 * own / np.sum(full**2, axis=1)[where]
    return pairs % n_judges, pairs // n_judges, deviation + (full @ average)[where], spread


def _full_weights(track: Codes, criterion: Codes, weight: Floats) -> Floats:
    """Weights of a complete review in each track, (T, K), each row with the sum 1 (or 0)."""
    asked = np.zeros((track.max() + 1, len(weight)), dtype=bool)
    asked[track, criterion] = True
    full = np.where(asked, weight, 0.0)
    return np.asarray(full / np.maximum(full.sum(axis=1, keepdims=True), 1e-300))


def _means(group: Codes, value: Floats, size: int) -> Floats:
    """Mean of value in each group, 0 in an empty one: (size,)."""
    count = np.bincount(group, minlength=size)
    return np.asarray(np.bincount(group, value, minlength=size) / np.maximum(count, 1))


def _tracks(track: ArrayLike | None, entry: Codes) -> Codes:
    needed = int(entry.max()) + 1 if len(entry) else 0
    if track is None:
        return np.zeros(needed, dtype=np.int64)
    given = codes(track, "track")
    if len(given) < needed:
        raise ValueError(f"track names {len(given)} entries, but entry {needed - 1} was judged.")
    return np.unique(given, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _weights(weight: ArrayLike | None, criterion: Codes) -> Floats:
    needed = int(criterion.max()) + 1 if len(criterion) else 1
    if weight is None:
        return np.ones(needed)
    weights = numbers(weight, "weight")
    if len(weights) < needed:
        raise ValueError(f"weight has {len(weights)} numbers, but criterion {needed - 1} is used.")
    if np.any(weights < 0) or not weights.sum() > 0:
        raise ValueError("weight must hold no negative number, and not only zeros.")
    return weights
