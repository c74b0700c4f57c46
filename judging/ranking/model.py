"""The model of how judges score, and its fit: plain NumPy and SciPy.

A review's score (the weighed mean over the criteria) of entry i in track t by judge j is

    y_ij = mu + b_j + a_j * theta_i + e_ij,   e_ij ~ N(0, s_j^2 * v_ij)

    theta_i ~ N(m_t, tau^2)     quality of the entry        m_t ~ N(0, tau_m^2)  level of the track
    b_j ~ N(0, sigma_b^2)       leniency: -b_j is severity  1 / s_j^2 ~ Gamma    the judge's noise
    a_j ~ N(1, sigma_a^2)       use of the scale, or a_j = 0 with probability pi: who is careless
                                scores without regard to quality

where v_ij is known (larger where criteria were left out). Pairwise answers of the same judges speak
of the same theta, a_j and s_j: ``judging.ranking.comparisons``. Sources:

- severity as a facet of its own: J. M. Linacre, "Many-Facet Rasch Measurement", 1989, here with
  scores taken as continuous;
- shrunken effects with estimated variances, the linear mixed model's EBLUP: G. K. Robinson, "That
  BLUP is a Good Thing", Statistical Science 6, 1991, and C. R. Henderson's equations there;
- raters with a scale and a noise of their own: P. E. Rossi, Z. Gilula, G. M. Allenby, "Overcoming
  Scale Usage Heterogeneity", JASA 96, 2001;
- raters who say nothing: V. C. Raykar, S. Yu, "Eliminating Spammers and Ranking Annotators for
  Crowdsourced Labeling Tasks", JMLR 13, 2012.

The fit is variational Bayes with empirical-Bayes variances (C. M. Bishop, "Pattern Recognition and
Machine Learning", 2006, section 10.1): q(theta, mu, m, b) is one joint normal, exact given the
rest, beside q(a_j) and q(s_j). The joint normal is solved through the Schur complement of theta,
whose block is diagonal: O(reviews * J + (J + T)^3) for each step (with pairwise answers it is not,
and n^3 is added). It stops when the qualities move
by less than TOLERANCE (root mean square, in standard deviations of a score), a hundredth of what
they are uncertain by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg, sparse, special

from judging.ranking.columns import Floats
from judging.ranking.comparisons import Comparisons, Pull, differences, laplace, told_apart
from judging.ranking.doubts import doubts
from judging.ranking.layout import Layout, layout
from judging.ranking.posterior import NOISE_WEIGHT, Judges, Places
from judging.ranking.reviews import Reviews

STEPS = 25
TOLERANCE = 2e-3
ROWS = 512  # of entries at a time, where a table of entries by judges would not fit in a cache
# What is believed before any score, with the weight of so many judges or entries: it answers when
# there are two reviews and fades with data. Variances in units of the variance of all scores.
PRIOR_WEIGHT = 4.0


@dataclass(frozen=True)
class Variances:
    """The variances the fit estimates, at what is believed before any score."""

    quality: float = 0.35
    severity: float = 0.25
    track: float = 0.05
    noise: float = 0.4
    scale: float = 0.1
    careless: float = 0.1  # pi, a share


def fit(reviews: Reviews, y: Floats) -> tuple[Places, Judges]:
    """Fit to standardised scores y (m,)."""
    var = Variances()
    ones = np.ones(reviews.judges)
    judges = Judges(ones, ones / var.scale, var.careless * ones, ones / var.noise)
    where = layout(reviews)
    places = _place(reviews, y, judges, var, where, np.zeros(reviews.entries))
    for _ in range(STEPS):
        before = places.theta
        judges = _appraise(reviews, y, places, judges, var)
        unsure = doubts(reviews, y, places, judges).variance
        var = _variances(reviews, places, judges, unsure)
        places = _place(reviews, y, judges, var, where, before)
        if np.sum((places.theta - before) ** 2) <= TOLERANCE**2 * reviews.entries:
            break
    return places, judges


def _told(compared: Comparisons, gap: Floats, judges: Judges) -> Pull:
    """What the pairwise answers say, at the present estimate of each difference (c,)."""
    j = compared.judge
    return laplace(judges.scale[j] * gap, 2 / judges.precision[j])


def _own(reviews: Reviews, diagonal: Floats, judges: Judges, said: Pull) -> Floats:
    """Covariance of theta given beta: (n,) where no entries were compared, otherwise (n, n)."""
    if not len(compared := reviews.compared):
        return 1 / diagonal
    each = differences(compared, reviews.entries)
    weight = said.curvature * judges.scale_square[compared.judge]
    ties = (each.T @ (sparse.diags_array(weight) @ each)).toarray()
    return np.asarray(linalg.inv(ties + np.diag(diagonal), assume_a="pos"))


def _place(
    reviews: Reviews, y: Floats, judges: Judges, var: Variances, where: Layout, before: Floats
) -> Places:
    """The mixed-model equations, theta eliminated first; ``before`` (n,) is theta till now."""
    gap = before[reviews.compared.winner] - before[reviews.compared.loser]
    said = _told(reviews.compared, gap, judges)
    i, j, n = reviews.entry, reviews.judge, reviews.entries
    omega = judges.precision[j] / reviews.spread
    link = omega * judges.scale[j]
    diagonal: Floats = np.full(n, 1 / var.quality)
    diagonal += np.bincount(i, omega * judges.scale_square[j], minlength=n)
    level = np.full(n, -1 / var.quality)
    cells = where.fill(np.bincount(i, link, minlength=n).astype(float), level, link)
    cross = where.table(cells)
    own = _own(reviews, diagonal, judges, said)
    apart = own.ndim == 1
    pull = where.table(-own[where.row] * cells) if apart else sparse.csr_array(-own @ cross)

    precision = _beta_precision(reviews, omega, var) + (cross.T @ pull).toarray()
    beta_cov = linalg.inv(precision, assume_a="pos")
    by_judge = np.bincount(j, omega * y, minlength=reviews.judges)
    by_entry = np.bincount(i, link * y, minlength=n)
    told = judges.scale[reviews.compared.judge] * said.slope
    by_entry = by_entry + differences(reviews.compared, n).T @ told
    right = np.r_[by_judge.sum(), np.zeros(reviews.tracks), by_judge]
    beta = beta_cov @ (right + pull.T @ by_entry)
    pulled, common, met = _shared(reviews, pull, beta_cov)
    theta = (own * by_entry if apart else own @ by_entry) + pull @ beta
    return Places(
        theta=theta,
        theta_var=(own if apart else np.diag(own)) + pulled,
        own=own,
        pull=pull,
        beta=beta,
        beta_cov=beta_cov,
        common=common,
        met=met,
        tracks=reviews.tracks,
    )


def _shared(
    reviews: Reviews, pull: sparse.csr_array, beta_cov: Floats
) -> tuple[Floats, Floats, Floats]:
    """What theta has of beta's uncertainty: its variance (n,), and `common`, `met` of Places."""
    first = 1 + reviews.tracks
    pulled, met = np.empty(reviews.entries), np.empty(len(reviews.entry))
    common = np.empty((reviews.entries, first))
    for start in range(0, reviews.entries, ROWS):
        rows = slice(start, start + ROWS)
        part = pull[rows] if reviews.entries > ROWS else pull
        block = part @ beta_cov
        size = len(block)
        at = np.repeat(np.arange(size), np.diff(part.indptr))
        pulled[rows] = np.bincount(at, part.data * block[at, part.indices], minlength=size)
        common[rows] = block[:, :first]
        # Reviews are in the order of their entries.
        here = slice(*np.searchsorted(reviews.entry, [start, start + ROWS]))
        met[here] = block[reviews.entry[here] - start, first + reviews.judge[here]]
    return pulled, common, met


def _beta_precision(reviews: Reviews, omega: Floats, var: Variances) -> Floats:
    """Precision of beta (q, q) before theta is eliminated; mu ~ N(0, 1) is vague."""
    load = np.bincount(reviews.judge, omega, minlength=reviews.judges)
    size = np.bincount(reviews.track, minlength=reviews.tracks)
    levels = size / var.quality + 1 / var.track
    block = np.diag(np.r_[load.sum() + 1, levels, load + 1 / var.severity])
    first = 1 + reviews.tracks
    block[0, first:] = block[first:, 0] = load
    return np.asarray(block)


def _appraise(
    reviews: Reviews, y: Floats, places: Places, judges: Judges, var: Variances
) -> Judges:
    """q(a_j), a mixture of a normal and zero, then q(s_j), each given the rest."""
    i, j, size = reviews.entry, reviews.judge, reviews.judges
    theta, first = places.theta[i], 1 + reviews.tracks
    square = theta**2 + places.theta_var[i]
    rest = y - places.beta[0] - places.leniency[j]
    base_var = places.beta_cov[0, 0] + places.leniency_var + 2 * places.beta_cov[0, first:]
    base_theta = places.common[i, 0] + places.met

    omega = judges.precision[j] / reviews.spread
    product = theta * rest - base_theta
    square_sum = np.bincount(j, omega * square, minlength=size).astype(float)
    product_sum = np.bincount(j, omega * product, minlength=size).astype(float)
    more, slope = _preferences(reviews, places, judges)
    certainty = 1 / var.scale + square_sum + more
    centre = (1 / var.scale + product_sum + slope) / certainty
    evidence = centre * product_sum - 0.5 * centre**2 * square_sum  # of the scores, against a_j = 0
    evidence += _foretold(reviews, places, judges, centre)
    evidence -= 0.5 * ((centre - 1) ** 2 / var.scale + np.log(var.scale * certainty))
    careless = special.expit(special.logit(var.careless) - evidence)
    found = Judges(centre, certainty, careless, judges.precision)

    miss = rest**2 + base_var[j] - 2 * found.scale[j] * product + found.scale_square[j] * square
    loss = np.bincount(j, miss / reviews.spread, minlength=size)
    seen = np.bincount(j, minlength=size)
    precision = (NOISE_WEIGHT + seen) / (NOISE_WEIGHT * var.noise + loss)
    return replace(found, precision=precision)


def _preferences(reviews: Reviews, places: Places, judges: Judges) -> tuple[Floats, Floats]:
    """What the pairwise answers add to the certainty of a_j and to certainty times centre, (J,)."""
    compared = reviews.compared
    gap, gap_var = places.gap(compared.winner, compared.loser)
    said = _told(compared, gap, judges)
    more = np.bincount(compared.judge, said.curvature * (gap**2 + gap_var), reviews.judges)
    slope = np.bincount(compared.judge, said.slope * gap, reviews.judges)
    return more.astype(float), slope.astype(float)


def _foretold(reviews: Reviews, places: Places, judges: Judges, centre: Floats) -> Floats:
    """By how much a_j = centre foretells the pairwise answers better than a_j = 0: (J,), nats."""
    compared, j = reviews.compared, reviews.compared.judge
    gap, gap_var = places.gap(compared.winner, compared.loser)
    variance = 2 / judges.precision[j] + centre[j] ** 2 * gap_var
    return told_apart(compared, centre[j] * gap, variance, reviews.judges)


def _variances(reviews: Reviews, places: Places, judges: Judges, unsure: Floats) -> Variances:
    """Empirical Bayes: each variance is the mean of its expected squares, prior included.

    ``unsure`` (n,): the variance of theta that comes of what is not known of the judges.
    """
    level = 1 + reviews.track
    own = np.diag(places.beta_cov)
    gap = (places.theta - places.beta[level]) ** 2 + places.theta_var + own[level] + unsure
    gap -= 2 * places.common[np.arange(reviews.entries), level]
    levels = slice(1, 1 + reviews.tracks)
    spread = (judges.centre - 1) ** 2 + 1 / judges.certainty
    prior = Variances()
    return Variances(
        quality=_pool(prior.quality, gap),
        severity=_pool(prior.severity, places.leniency**2 + places.leniency_var),
        track=_pool(prior.track, places.beta[levels] ** 2 + own[levels]),
        # A careless judge who gives all nearly the same is very precise about nothing.
        noise=1 / _pool(1 / prior.noise, judges.precision, 1 - judges.careless),
        scale=_pool(prior.scale, spread, 1 - judges.careless),
        careless=_pool(prior.careless, judges.careless),
    )


def _pool(prior: float, terms: Floats, weight: Floats | None = None) -> float:
    """Weighed mean of the terms, with the prior as PRIOR_WEIGHT more of them."""
    weights = np.ones_like(terms) if weight is None else weight
    return float((PRIOR_WEIGHT * prior + weights @ terms) / (PRIOR_WEIGHT + weights.sum()))
