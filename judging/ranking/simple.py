"""What people know, to stand beside the model: raw mean, median, z-score per judge. All (n,)."""

from __future__ import annotations

import numpy as np

from judging.ranking.columns import Floats
from judging.ranking.reviews import Reviews


def raw_mean(reviews: Reviews) -> Floats:
    """Mean score of each entry; NaN where nobody reviewed it."""
    return _mean(reviews, reviews.score)


def median(reviews: Reviews) -> Floats:
    """Median score of each entry; NaN where nobody reviewed it."""
    found = np.full(reviews.entries, np.nan)
    for entry in np.unique(reviews.entry):
        found[entry] = np.median(reviews.score[reviews.entry == entry])
    return found


def z_score(reviews: Reviews) -> Floats:
    """Mean of scores standardised within each judge; a judge who gives all the same counts 0."""
    judge, size = reviews.judge, reviews.judges
    count = np.maximum(np.bincount(judge, minlength=size), 1)
    rest = reviews.score - (np.bincount(judge, reviews.score, minlength=size) / count)[judge]
    deviation = np.sqrt(np.bincount(judge, rest**2, minlength=size) / count)
    flat = deviation < 1e-9
    return _mean(reviews, np.where(flat[judge], 0.0, rest / np.where(flat, 1.0, deviation)[judge]))


def _mean(reviews: Reviews, value: Floats) -> Floats:
    count = np.bincount(reviews.entry, minlength=reviews.entries)
    total = np.bincount(reviews.entry, value, minlength=reviews.entries)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
