"""Pairwise answers: "this one is better than that one", and what they add to the scores.

Judge j prefers entry w to entry l when a draw of his difference is positive (L. L. Thurstone, "A
Law of Comparative Judgment", 1927; a judge's severity cancels, his use of the scale a_j and noise
s_j are those of his scores):

    P(w before l) = Phi(a_j (theta_w - theta_l) / sqrt(2 s_j^2))

At each step of the fit an answer stands as a normal observation of a_j (theta_w - theta_l) whose
gradient and curvature are those of log Phi at the present estimate (Laplace's approximation, as in
iteratively reweighted least squares; P. McCullagh, J. A. Nelder, "Generalized Linear Models",
1989). How noisy a judge is, is learnt from scores alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.special import log_ndtr

from judging.ranking.columns import Codes, Floats, codes

# With comparisons the qualities are solved for all at once, which takes the cube of their number.
MOST_ENTRIES = 3000


@dataclass(frozen=True)
class Comparisons:
    """c answers: ``judge`` (c,) said that entry ``winner`` (c,) is better than ``loser`` (c,)."""

    judge: Codes
    winner: Codes
    loser: Codes

    def __len__(self) -> int:
        return len(self.judge)


@dataclass(frozen=True)
class Pull:
    """The answers as normal observations: ``curvature`` (c,), ``slope`` (c,) = curvature times what
    is observed, of a_j (theta_w - theta_l)."""

    curvature: Floats
    slope: Floats


def read_comparisons(
    judge: ArrayLike | None, winner: ArrayLike | None, loser: ArrayLike | None
) -> Comparisons:
    """Check the answers; none given are none.

    Raises ``ValueError`` with a sentence when lengths differ, a code is negative or not whole, or
    an entry is compared with itself.
    """
    columns = [
        codes(() if values is None else values, name)
        for values, name in ((judge, "comparison_judge"), (winner, "winner"), (loser, "loser"))
    ]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("comparison_judge, winner and loser must be of one length.")
    found = Comparisons(*columns)
    if np.any(found.winner == found.loser):
        raise ValueError("An entry was compared with itself.")
    return found


def laplace(margin: Floats, variance: Floats) -> Pull:
    """Of log Phi(margin / sqrt(variance)), each (c,)."""
    z = margin / np.sqrt(variance)
    mills = np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(z))  # phi / Phi
    curvature = mills * (mills + z) / variance
    return Pull(curvature, curvature * margin + mills / np.sqrt(variance))


def differences(comparisons: Comparisons, entries: int) -> sparse.csr_array:
    """(c, n): 1 at the winner, -1 at the loser of each answer."""
    count = len(comparisons)
    row = np.r_[np.arange(count), np.arange(count)]
    column = np.r_[comparisons.winner, comparisons.loser]
    return sparse.csr_array((np.repeat([1.0, -1.0], count), (row, column)), shape=(count, entries))


def told_apart(comparisons: Comparisons, margin: Floats, variance: Floats, judges: int) -> Floats:
    """How much better each judge's answers are foretold than by tossing a coin: (J,), nats."""
    gain = log_ndtr(margin / np.sqrt(variance)) - np.log(0.5)
    return np.bincount(comparisons.judge, gain, minlength=judges).astype(float)
