"""What is not known of the judges themselves, carried over to the entries (the delta method).

The fit takes each judge's use of the scale a_j and precision w_j = 1 / s_j^2 at their posterior
means. How far an entry would move if they were others is, to first order and with the other entries
held,

    d theta_i / d a_j     = own_i w_ij (r_ij - 2 a_j theta_i)       r_ij = y_ij - mu - b_j
    d theta_i / d log w_j = own_i w_ij (a_j r_ij - a_j^2 theta_i)

so their posterior variances (of a_j with the chance that the judge is careless, a_j = 0; of log w_j
about 2 / its degrees of freedom) add to the entry's. Variational Bayes alone says too little
(C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, section 10.1.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from judging.ranking.columns import Floats
from judging.ranking.model import NOISE_WEIGHT, Judges, Places
from judging.ranking.reviews import Reviews


@dataclass(frozen=True)
class Doubts:
    """Both derivatives, (n, J), with what is believed of the judges."""

    by_scale: sparse.csr_array
    by_noise: sparse.csr_array
    judges: Judges
    noise_var: Floats  # of log w_j, (J,)

    @property
    def variance(self) -> Floats:
        """What is added to the variance of each entry, (n,)."""
        scale_var = self.judges.scale_square - self.judges.scale**2
        squares = self.by_scale.multiply(self.by_scale) @ scale_var
        return np.asarray(squares + self.by_noise.multiply(self.by_noise) @ self.noise_var)

    def draw(self, count: int, rng: np.random.Generator) -> Floats:
        """Shifts of the entries (n, count), the judges drawn anew for each."""
        judges, size = self.judges, (len(self.noise_var), count)
        kept = rng.random(size) >= judges.careless[:, None]
        able = (
            judges.centre[:, None] + rng.standard_normal(size) / np.sqrt(judges.certainty)[:, None]
        )
        scale = np.where(kept, able, 0.0) - judges.scale[:, None]
        noise = rng.standard_normal(size) * np.sqrt(self.noise_var)[:, None]
        return np.asarray(self.by_scale @ scale + self.by_noise @ noise)


def doubts(reviews: Reviews, y: Floats, places: Places, judges: Judges) -> Doubts:
    """Of the fit to standardised scores y (m,)."""
    i, j = reviews.entry, reviews.judge
    own = np.diag(places.own) if places.own.ndim == 2 else places.own
    weight = own[i] * judges.precision[j] / reviews.spread
    rest = y - places.beta[0] - places.leniency[j]
    theta, shape = places.theta[i], (reviews.entries, reviews.judges)
    by_scale = weight * (rest - 2 * judges.scale[j] * theta)
    by_noise = weight * (judges.scale[j] * rest - judges.scale_square[j] * theta)
    seen = np.bincount(j, minlength=reviews.judges)
    return Doubts(
        sparse.csr_array((by_scale, (i, j)), shape=shape),
        sparse.csr_array((by_noise, (i, j)), shape=shape),
        judges,
        2 / (NOISE_WEIGHT + seen),
    )
