"""How surprising a score is: p-values, and which rows to flag at a false discovery rate.

S. Bates, E. Candès, L. Lei, Y. Romano, M. Sesia: Testing for outliers with conformal p-values,
Annals of Statistics, 2023. Y. Benjamini, Y. Hochberg: Controlling the false discovery rate, 1995.
B. Efron: Large-scale simultaneous hypothesis testing: the choice of a null hypothesis, 2004.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

BODY, CENSORED = 0.75, 0.90  # quantiles of surprise between which the tail is learnt
FEWEST_FOR_TAIL = 40  # rows; with fewer a tail cannot be told from chance


def conformal_p_values(known: Floats, scores: Floats) -> Floats:
    """P-values of new rows by split conformal prediction: exact if new and known rows are alike.

    `known` (m,) scores of rows by members that did not train on them, `scores` (n,) the new rows'
    by the same members; low scores are surprising. Returns (n,):
    p = (1 + number of known rows at least as surprising) / (1 + their number).
    """
    worse = np.searchsorted(np.sort(known), scores, side="right")
    return np.asarray((1 + worse) / (1 + len(known)))


def tail_p_values(scores: Floats) -> Floats:
    """P-values of a table's own rows, (n,) -> (n,), when some of them may be anomalies.

    A row's rank among all rows says nothing of whether any is anomalous. So the body of the scores
    is taken as it is, and the tail of normal rows is extended from where it is still mostly
    normal: a generalised Pareto distribution (Pickands, 1975) is fitted to the exceedances of the
    BODY quantile, with all beyond the CENSORED quantile counted only as "further out". Assumes
    that fewer than 1 - CENSORED of the rows are anomalies and that the normal tail is smooth.
    """
    surprise = -np.asarray(scores, dtype=np.float64)
    n = len(surprise)
    above = np.sort(surprise)
    p = (1 + n - np.searchsorted(above, surprise, side="left")) / (n + 1)
    if n < FEWEST_FOR_TAIL:
        return np.minimum(p, 1.0)
    start, end = np.quantile(surprise, [BODY, CENSORED])
    if end <= start:
        return np.minimum(p, 1.0)
    far = surprise > start
    shape, scale = _fit_censored_tail(surprise[far] - start, end - start)
    p[far] = far.mean() * _survival(surprise[far] - start, shape, scale)
    return np.clip(p, 1e-300, 1.0)


def _survival(excess: Floats, shape: float, scale: float) -> Floats:
    return np.asarray(np.exp(-np.log1p(shape * excess / scale) / shape))


def _fit_censored_tail(excess: Floats, end: float) -> tuple[float, float]:
    """Maximum likelihood of (shape >= 0, scale) with everything beyond `end` censored."""
    seen = excess[excess <= end]
    censored = len(excess) - len(seen)

    def loss(parameters: Floats) -> float:
        shape, scale = np.exp(parameters)
        inside = np.log(scale) + (1 + 1 / shape) * np.log1p(shape * seen / scale)
        beyond = np.log1p(shape * end / scale) / shape
        # A weak prior on the shape around 0.1: few rows tell little of how heavy a tail is.
        prior = 2.0 * np.square(parameters[0] - np.log(0.1))
        total: float = np.sum(inside) + censored * beyond + prior
        return total

    first = np.array([np.log(0.1), np.log(max(float(seen.mean()), 1e-9))])
    best = minimize(loss, first, method="Nelder-Mead").x
    shape, scale = np.exp(best)
    return float(shape), float(scale)


def benjamini_hochberg(p: Floats, rate: float) -> NDArray[np.bool_]:
    """Which of the hypotheses (n,) to reject so that at most `rate` of those are false."""
    n = len(p)
    order = np.argsort(p)
    passes = np.flatnonzero(p[order] <= rate * np.arange(1, n + 1) / n)
    flagged = np.zeros(n, dtype=bool)
    if len(passes):
        flagged[order[: passes[-1] + 1]] = True
    return flagged
