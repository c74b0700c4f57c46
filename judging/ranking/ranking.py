"""``fit_ranking``: who is best in each track, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg, special

from judging.ranking.columns import Codes, Floats, codes
from judging.ranking.doubts import Doubts, doubts
from judging.ranking.layout import product
from judging.ranking.model import PRIOR_WEIGHT, fit
from judging.ranking.posterior import Places
from judging.ranking.reviews import read_reviews

DRAWS = 4000
# What the model leaves out (steps that are not equally far apart, criteria on their own): intervals
# are wider than it says by so much, as found by simulation (docs/judging.md).
LEFT_OUT = 1.09
# P(first) is about the best, and those stand near the end of the scale, where there is less room
# for an error than in its middle: deviations in the draws are smaller by so much, found as well.
ROOM = 0.95
# Never more than this many numbers in the draws: 10,000 entries take 1,000 draws.
CELLS = 10_000_000


@dataclass(frozen=True)
class Ranking:
    """n entries and J judges, on the scale of the scores given.

    ``mean``, ``sd``, ``low``, ``high`` (n,): posterior of each entry's quality, what the average
    of endless judges like these would give it, with a 90 % interval. ``fields``: those who compete
    with each other, each (f,) entries; those of one track, unless it was told otherwise.
    ``p_first`` (n,): probability to be first of its field, the first that names it.
    ``severity`` (J,): how much lower a judge scores than the average one;
    ``scale`` (J,): by how much one point of quality moves his score (1 = average, 0 = not at all);
    ``noise`` (J,): standard deviation of his scores around what he would be expected to give;
    ``careless`` (J,): probability that his scores have nothing to do with quality.
    ``reviews`` (n,): how many reviews each entry has. ``draws`` (d, n): qualities drawn from the
    joint posterior, and ``leniency`` (d, J) with them: what each judge adds.
    """

    mean: Floats
    sd: Floats
    low: Floats
    high: Floats
    p_first: Floats
    severity: Floats
    scale: Floats
    noise: Floats
    careless: Floats
    reviews: Codes
    track: Codes
    fields: tuple[Codes, ...]
    draws: Floats = field(repr=False)
    leniency: Floats = field(repr=False)

    def p_top(self, k: int) -> Floats:
        """Probability of each entry (n,) to be among the first k of its field."""
        if k < 1:
            raise ValueError("k must be at least 1.")
        return _chances(self.draws, self.fields, k)

    def p_within(self, members: Codes, k: int) -> Floats:
        """Probability of each of these entries (f,) to be among the first k of them."""
        return chances(self.draws[:, members], k)

    def review_draws(
        self, judge: int | None, entries: NDArray[np.intp], count: int
    ) -> tuple[Floats, float]:
        """What a judge would give the entries, noise left out, in draws (entries, count); noise.

        Up to a constant. A judge of None is one of whom nothing is known: as the others are.
        """
        quality = self.draws[:count, entries].T
        if judge is None:
            others = self.leniency[:count]
            some = np.arange(len(others)) % max(others.shape[1], 1)
            leniency = others[np.arange(len(others)), some] if others.size else 0.0
            return quality + leniency, float(np.median(self.noise)) if len(self.noise) else 1.0
        return self.scale[judge] * quality + self.leniency[:count, judge], float(self.noise[judge])


def fit_ranking(
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
    fields: Sequence[ArrayLike] | None = None,
    seed: int = 0,
) -> Ranking:
    """Rank entries from scores in long form: (m,) codes 0..J-1 and 0..n-1, (m,) scores.

    ``criterion`` (m,) codes, ``weight`` one number per criterion (equal if not given), ``track``
    (n,) the track of each entry, which also says how many entries there are. Pairwise answers,
    with or without scores: judge ``comparison_judge`` (c,) found ``winner`` (c,) better than
    ``loser`` (c,). ``fields``: who competes with each other, each (f,) entries, where that is not
    one track each: an entry may be in several. Entries without reviews get the prior of their
    track. The same input and seed give the same result. The model, its approximation and sources:
    ``judging.ranking.model``.

    Raises ``ValueError`` with a sentence when the input makes no sense.
    """
    reviews = read_reviews(
        judge,
        entry,
        score,
        criterion=criterion,
        weight=weight,
        track=track,
        comparison_judge=comparison_judge,
        winner=winner,
        loser=loser,
        spacing=True,
    )
    centre, unit = _units(reviews.score)
    y = (reviews.score - centre) / unit
    places, judges = fit(reviews, y)
    doubt = doubts(reviews, y, places, judges)
    mean = centre + unit * (places.beta[0] + places.theta)
    sd = unit * np.sqrt(_deviation(places) ** 2 + doubt.variance)
    half = LEFT_OUT * sd * special.stdtrit(_freedom(reviews.judges), 0.95)
    draws, leniency = _draw(places, doubt, reviews.judges, np.random.default_rng(seed))
    competing = _fields(fields, reviews.track)
    return Ranking(
        mean=mean,
        sd=sd,
        low=mean - half,
        high=mean + half,
        p_first=_chances(draws, competing, 1),
        severity=-unit * places.leniency,
        scale=judges.scale,
        noise=unit / np.sqrt(judges.precision),
        careless=judges.careless,
        reviews=np.bincount(reviews.entry, minlength=reviews.entries),
        track=reviews.track,
        fields=competing,
        draws=centre + unit * draws,
        leniency=unit * leniency,
    )


def _units(score: Floats) -> tuple[float, float]:
    """Centre and unit of the model: mean and standard deviation, 1 where all are the same."""
    if not len(score):
        return 0.0, 1.0
    spread = float(score.std())
    return float(score.mean()), spread if spread > 1e-9 * max(1.0, np.abs(score).max()) else 1.0


def _deviation(places: Places) -> Floats:
    """Posterior standard deviation of mu + theta, (n,)."""
    variance = places.theta_var + places.beta_cov[0, 0] + 2 * places.common[:, 0]
    return np.asarray(np.sqrt(variance))


def _draw(
    places: Places, doubt: Doubts, judges: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of mu + theta (draws, n) and of the judges' leniency (draws, J), in the model's units.

    From the joint posterior as a multivariate Student's t, for the reason that the intervals have.
    """
    n, q = len(places.theta), len(places.beta)
    count = int(np.clip(CELLS // max(n, 1), 100, DRAWS))
    freedom = _freedom(judges)
    half = count // 2
    stretch = ROOM * np.sqrt(freedom / rng.chisquare(freedom, half))
    shift = linalg.cholesky(places.beta_cov, lower=True) @ rng.standard_normal((q, half))
    own = rng.standard_normal((n, half))
    if places.own.ndim == 2:
        own = linalg.cholesky(places.own, lower=True) @ own
    else:
        own *= np.sqrt(places.own)[:, None]
    own += product(places.pull, shift)
    own += shift[0]
    own *= stretch
    # Each deviation is taken both ways: it is as likely.
    quality = ROOM * doubt.draw(2 * half, rng)
    quality[:, :half] += own
    quality[:, half:] -= own
    quality += (places.beta[0] + places.theta)[:, None]
    leniency = stretch / ROOM * shift[1 + places.tracks :]
    return quality.T, (places.leniency[:, None] + np.hstack([leniency, -leniency])).T


def _freedom(judges: int) -> float:
    """Degrees of freedom: the variances are themselves estimated. What is noise and what is taste
    is told apart by comparing judges, so from so many pairs of them, and the prior."""
    return judges * (judges - 1) / 2 + PRIOR_WEIGHT


def _fields(told: Sequence[ArrayLike] | None, track: Codes) -> tuple[Codes, ...]:
    """Entries of each field, those of each track where nothing was told."""
    if told is None:
        return tuple(np.flatnonzero(track == code) for code in np.unique(track))
    found = tuple(codes(members, "fields") for members in told)
    if any(len(members) and members.max() >= len(track) for members in found):
        raise ValueError(f"fields must name entries below {len(track)}.")
    return found


def _chances(draws: Floats, fields: Sequence[Codes], k: int) -> Floats:
    """Probability of each entry (n,) to be among the k largest of the first field that has it."""
    chance = np.zeros(draws.shape[1])
    for members in reversed(fields):
        chance[members] = chances(draws[:, members], k)
    return chance


def chances(draws: Floats, k: int) -> Floats:
    """How often each column (f,) is among the k largest of a draw."""
    if k > 1:
        return np.asarray(in_top(draws, k).mean(axis=0))
    return np.bincount(draws.argmax(axis=1), minlength=draws.shape[1]) / len(draws)


def in_top(draws: Floats, k: int) -> Floats:
    """1 where a column is among the k largest of its draw, otherwise 0: (draws, n)."""
    found = np.zeros(draws.shape)
    if k >= draws.shape[1]:
        return found + 1
    rest, row = draws.copy(), np.arange(len(draws))
    for _ in range(k):  # for few places faster than a partial sort
        best = rest.argmax(axis=1)
        found[row, best] = 1
        rest[row, best] = -np.inf
    return found
