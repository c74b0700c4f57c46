"""What the fit knows in the end: of the entries with their judges' leniency, and of the judges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from judging.ranking.columns import Codes, Floats

# How many reviews the panel's noise counts for when one judge's is estimated.
NOISE_WEIGHT = 5.0


@dataclass(frozen=True)
class Places:
    """q(theta, beta), one joint normal. beta (q,) stacks mu, T track levels, J leniencies.

    Given beta, the thetas (n,) have covariance ``own``, (n,) where they are independent and (n, n)
    where they were compared, and mean ``theta + pull @ (beta' - beta)``, pull (n, q). Of
    Cov(theta, beta) = pull @ beta_cov there is only what is needed: ``common`` (n, 1 + T) with mu
    and the track levels, ``met`` (m,) for each review that of its entry with its judge's leniency.
    """

    theta: Floats
    theta_var: Floats
    own: Floats
    pull: sparse.csr_array
    beta: Floats
    beta_cov: Floats
    common: Floats
    met: Floats
    tracks: int

    @property
    def leniency(self) -> Floats:
        """b (J,)."""
        return self.beta[1 + self.tracks :]

    @property
    def leniency_var(self) -> Floats:
        """Variance of b (J,)."""
        return np.diag(self.beta_cov)[1 + self.tracks :]

    def gap(self, one: Codes, other: Codes) -> tuple[Floats, Floats]:
        """Mean and variance of theta[one] - theta[other], each (c,)."""
        pull = self.pull[one] - self.pull[other]
        shared = pull.multiply(pull @ self.beta_cov).sum(axis=1)
        alone = np.diag(self.own) if self.own.ndim == 2 else self.own
        joint = 2 * self.own[one, other] if self.own.ndim == 2 else 0.0
        variance = np.asarray(shared) + alone[one] + alone[other] - joint
        return self.theta[one] - self.theta[other], variance


@dataclass(frozen=True)
class Judges:
    """q(a_j), q(s_j), each (J,): ``centre`` and ``certainty`` of a_j in who is not careless."""

    centre: Floats
    certainty: Floats
    careless: Floats
    precision: Floats

    @property
    def scale(self) -> Floats:
        """E[a_j], (J,)."""
        return (1 - self.careless) * self.centre

    @property
    def scale_square(self) -> Floats:
        """E[a_j^2], (J,)."""
        return (1 - self.careless) * (self.centre**2 + 1 / self.certainty)
