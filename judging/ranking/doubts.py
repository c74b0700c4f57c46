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
from judging.ranking.layout import product
from judging.ranking.posterior import NOISE_WEIGHT, Judges, Places
from judging.ranking.reviews import Reviews


@dataclass(frozen=True)
class Doubts:
    """Both derivatives for each review, (m,), with what is believed of the judges."""

    reviews: Reviews
    by_scale: Floats
    by_noise: Floats
    judges: Judges
    noise_var: Floats  # of log w_j, (J,)

    @property
    def variance(self) -> Floats:
        """What is added to the variance of each entry, (n,)."""
        j = self.reviews.judge
        scale_var = self.judges.scale_square - self.judges.scale**2
        squares = self.by_scale**2 * scale_var[j] + self.by_noise**2 * self.noise_var[j]
        return np.bincount(self.reviews.entry, squares, self.reviews.entries).astype(float)

    def draw(self, count: int, rng: np.random.Generator) -> Floats:
        """Shifts of the entries (n, count), the judges drawn anew for each."""
        judges, size = self.judges, (len(self.noise_var), count)
        scale = rng.standard_normal(size)
        scale /= np.sqrt(judges.certainty)[:, None]
        scale += judges.centre[:, None]
        scale *= rng.random(size) >= judges.careless[:, None]
        scale -= judges.scale[:, None]
        noise = rng.standard_normal(size)
        noise *= np.sqrt(self.noise_var)[:, None]
        found = product(self._table(self.by_scale), scale)
        found += product(self._table(self.by_noise), noise)
        return found

    def _table(self, cells: Floats) -> sparse.csr_array:
        shape = (self.reviews.entries, self.reviews.judges)
        return sparse.csr_array((cells, (self.reviews.entry, self.reviews.judge)), shape=shape)


def doubts(reviews: Reviews, y: Floats, places: Places, judges: Judges) -> Doubts:
    """Of the fit to standardised scores y (m,)."""
    i, j = reviews.entry, reviews.judge
    own = np.diag(places.own) if places.own.ndim == 2 else places.own
    weight = own[i] * judges.precision[j] / reviews.spread
    rest = y - places.beta[0] - places.leniency[j]
    theta = places.theta[i]
    by_scale = weight * (rest - 2 * judges.scale[j] * theta)
    by_noise = weight * (judges.scale[j] * rest - judges.scale_square[j] * theta)
    seen = np.bincount(j, minlength=reviews.judges)
    return Doubts(reviews, by_scale, by_noise, judges, 2 / (NOISE_WEIGHT + seen))
