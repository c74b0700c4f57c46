"""Judging, simulated: a hackathon of 106 projects in three tracks, 20 judges, four criteria.

Judges differ in severity, use of the scale, noise and taste; one in ten is careless, one in twenty
pushes friends, one in twenty stops halfway. The truth is what an endless panel of honest judges
would give. What every judge would say of every project is drawn at once, so that assignments and
estimators are compared on the same judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr


@dataclass(frozen=True)
class Setting:
    """One kind of event; the standard deviations are in units of the quality's own."""

    tracks: tuple[int, ...] = (45, 36, 25)
    judges: int = 20
    reviews: int = 4
    criteria: int = 4
    steps: int = 5
    agreement: float = 0.6  # correlation of the criteria of one project
    severity: float = 0.7
    severity_by_criterion: float = 0.25
    scale: float = 0.25  # of the logarithm
    thresholds: float = 0.2
    taste: float = 0.75  # judge by project
    error: float = 0.6  # of each cell
    noise: float = 0.35  # of the logarithm of a judge's factor on taste and error
    careless: float = 0.10
    pushing: float = 0.05
    stopping: float = 0.05
    missing: float = 0.08  # reviews
    gaps: float = 0.03  # criteria within a review
    panels: int = 1  # into which judges and projects are split, without overlap
    unequal: bool = False  # projects have from 1 to 2 * reviews - 1 reviews


SETTINGS = {
    "the reference hackathon": Setting(),
    "few judges": Setting(judges=6, reviews=2),
    "two judges read all": Setting(tracks=(12, 9, 6), judges=2, reviews=2),
    "two noisy judges": Setting(
        tracks=(12, 9, 6), judges=2, reviews=2, taste=1.2, error=0.9, careless=0.2
    ),
    "three judges read all": Setting(tracks=(12, 9, 6), judges=3, reviews=3),
    "three noisy judges": Setting(
        tracks=(12, 9, 6), judges=3, reviews=3, taste=1.2, error=0.9, careless=0.2
    ),
    "panels that do not overlap": Setting(panels=5),
    "many careless": Setting(careless=0.3),
    "collusion": Setting(pushing=0.25),
    "unequal numbers of reviews": Setting(unequal=True),
    "ten steps": Setting(steps=10),
    "eight reviews": Setting(reviews=8),
}


def limits(setting: Setting) -> np.ndarray:
    """Where one step ends and the next begins on the latent scale, (steps - 1,)."""
    return np.linspace(-1.9, 1.5, setting.steps - 1)


def honest_panel(setting: Setting, quality: np.ndarray) -> np.ndarray:
    """Expected score of an endless honest panel for each latent quality of any shape."""
    return np.interp(quality, *_honest_scores(setting))


@lru_cache
def _honest_scores(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """(latent quality, expected score), each (61,)."""
    rng = np.random.default_rng(0)
    size = (4000, 1)
    severity = rng.normal(0, np.hypot(setting.severity, setting.severity_by_criterion), size)
    slope = np.exp(rng.normal(0, setting.scale, size))
    factor = np.exp(rng.normal(0, setting.noise, size))
    steps = limits(setting) + rng.normal(0, setting.thresholds, (4000, setting.steps - 1))
    deviation = slope * factor * np.hypot(setting.taste, setting.error)
    grid = np.linspace(-4.5, 4.5, 61)
    score = [1 + ndtr((slope * x - severity - steps) / deviation).sum(1).mean() for x in grid]
    return grid, np.array(score)


HONEST, CARELESS, PUSHING = range(3)


@dataclass(frozen=True)
class Event:
    """What every judge would answer about every project, of which an estimator sees a part."""

    setting: Setting
    track: np.ndarray  # (n,)
    truth: np.ndarray  # (n,)
    answer: np.ndarray  # (n, J, K) steps; 0 where the criterion is left out
    absent: np.ndarray  # (n, J) reviews that never come
    stopping: np.ndarray  # (J,) judges who stop halfway
    kind: np.ndarray  # (J,) HONEST, CARELESS or PUSHING
    overall: np.ndarray  # (n, J) what a judge would compare two projects by

    def ballots(self, entry: np.ndarray, judge: np.ndarray) -> dict[str, np.ndarray]:
        """The long form of the reviews that take place, as `fit_ranking` takes it."""
        come = ~self.absent[entry, judge]
        entry, judge = entry[come], judge[come]
        answer = self.answer[entry, judge]
        review, criterion = np.nonzero(answer)
        return {
            "judge": judge[review],
            "entry": entry[review],
            "score": answer[review, criterion],
            "criterion": criterion,
            "track": self.track,
        }


def simulate(setting: Setting, rng: np.random.Generator) -> Event:
    n, judges, criteria = sum(setting.tracks), setting.judges, setting.criteria
    track = np.repeat(np.arange(len(setting.tracks)), setting.tracks)
    common = np.sqrt(setting.agreement) * rng.normal(size=(n, 1))
    quality = common + np.sqrt(1 - setting.agreement) * rng.normal(size=(n, criteria))
    truth = honest_panel(setting, quality).mean(axis=1)
    latent, kind = impressions(setting, quality, truth, track, rng)  # (n, J, K), (J,)
    steps = limits(setting) + rng.normal(0, setting.thresholds, (judges, setting.steps - 1))
    answer = 1 + (latent[..., None] > np.sort(steps)[:, None, :]).sum(axis=-1)
    answer[rng.random(answer.shape) < setting.gaps] = 0
    absent = rng.random((n, judges)) < setting.missing
    stopping = rng.random(judges) < setting.stopping
    return Event(setting, track, truth, answer, absent, stopping, kind, latent.mean(axis=2))


def impressions(
    setting: Setting,
    quality: np.ndarray,
    truth: np.ndarray,
    track: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """What each judge would answer on the latent scale, (n, J, K), and how honest he is, (J,)."""
    (n, criteria), judges = quality.shape, setting.judges
    severity = rng.normal(0, setting.severity, judges)
    own = rng.normal(0, setting.severity_by_criterion, (judges, criteria))
    factor = np.exp(rng.normal(0, setting.noise, judges))[None, :, None]
    taste = rng.normal(0, setting.taste, (n, judges, 1))
    error = rng.normal(0, setting.error, (n, judges, criteria))
    slope = np.exp(rng.normal(0, setting.scale, judges))[None, :, None]
    latent = slope * (quality[:, None] + factor * (taste + error)) - own
    kinds = np.full(judges, HONEST)
    for judge in range(judges):
        kind = rng.random()
        if kind < setting.careless / 2:  # any number
            latent[:, judge] = rng.normal(0.2, 0.85, (n, criteria)) + rng.normal(0, 0.9, (n, 1))
        elif kind < setting.careless:  # nearly the same for all
            latent[:, judge] = rng.normal(0, 0.35, (n, criteria))
        elif kind < setting.careless + setting.pushing:
            _push(latent[:, judge], truth, track, rng)
        if kind < setting.careless + setting.pushing:
            kinds[judge] = CARELESS if kind < setting.careless else PUSHING
    return latent - severity[None, :, None], kinds


def _push(
    latent: np.ndarray, truth: np.ndarray, track: np.ndarray, rng: np.random.Generator
) -> None:
    """Three friends are lifted, the rivals among the best of their track put down; in place."""
    members = np.flatnonzero(track == rng.integers(track.max() + 1))
    members = members[np.argsort(-truth[members])]
    friends = rng.choice(members[: len(members) // 2], 3, replace=False)
    latent[friends] += 3.0
    latent[np.setdiff1d(members[:8], friends)] -= 1.6


def assign(
    event: Event, rng: np.random.Generator, rounds: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(entry, judge) of each review, balanced; without those after a judge stops halfway."""
    setting, n = event.setting, len(event.track)
    load, pairs = np.zeros(setting.judges), []
    panels = np.arange(n) % setting.panels, np.arange(setting.judges) % setting.panels
    wanted = np.full(n, rounds) if rounds else reviews_wanted(setting, n, rng)
    seen = np.zeros((n, setting.judges), bool)
    for turn in range(wanted.max()):
        for entry in rng.permutation(np.flatnonzero(wanted > turn)):
            cost = load + 1e-3 * rng.random(setting.judges)
            cost[seen[entry] | (panels[1] != panels[0][entry])] = np.inf
            judge = int(np.argmin(cost))
            seen[entry, judge] = True
            pairs.append((entry, judge))
            load[judge] += 1
    entry, judge = np.array(pairs).T
    half = np.zeros(len(judge), bool)
    for stopped in np.flatnonzero(event.stopping):
        mine = np.flatnonzero(judge == stopped)
        half[mine[len(mine) // 2 :]] = True
    return entry[~half], judge[~half]


def reviews_wanted(setting: Setting, n: int, rng: np.random.Generator) -> np.ndarray:
    """How many reviews each project is to get, (n,): the same, or anything from 1 on."""
    if not setting.unequal:
        return np.full(n, setting.reviews)
    return rng.integers(1, 2 * setting.reviews, n)
