"""How far apart the steps of a scale are, learnt from how often each is given.

The model takes scores as continuous, with steps equally far apart. They are not: where one step in
three is a 4 and one in ten a 5, from 4 to 5 is further than from 3 to 4. So a step stands for the
mean of that part of a normal distribution which is as frequent as the step (normal scores, which a
probit model of ordered steps has at its start: P. McCullagh, "Regression Models for Ordinal Data",
JRSS B 42, 1980), on a scale with the mean and the standard deviation of the criterion's scores. Two
steps, or equal frequencies on both sides of the middle one of three, stay where they are.

With few scores for each step the frequencies say little, and the steps stay nearly where they were;
so they do on a fine scale, by which judges themselves say how far apart two submissions are.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from judging.ranking.columns import Codes, Floats

# Scores for each step at which frequencies count as much as that steps are equally far apart.
EVEN = 6.0


def spaced(score: Floats, criterion: Codes) -> Floats:
    """The scores (m,), each criterion's steps as far apart as they are used; in points."""
    found = score.astype(float)
    for code in np.unique(criterion):
        here = criterion == code
        steps, step, count = np.unique(score[here], return_inverse=True, return_counts=True)
        if len(steps) > 2:
            share = len(step) / (len(step) + EVEN * len(steps))
            found[here] += share * (_normal(steps, count) - steps)[step]
    return found


def _normal(steps: Floats, count: Codes) -> Floats:
    """Where each of the steps (s,) stands, given so many times (s,)."""
    total = count.sum()
    border = ndtri(np.cumsum(count)[:-1] / total)
    density = np.r_[0.0, np.exp(-0.5 * border**2) / np.sqrt(2 * np.pi), 0.0]
    normal = -np.diff(density) / (count / total)  # its mean over all scores is 0
    middle = count @ steps / total
    spread, given = np.sqrt(count @ normal**2), np.sqrt(count @ (steps - middle) ** 2)
    return np.asarray(middle + normal * given / spread)
