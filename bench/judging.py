"""Who finds the true winner? Simulated judging, side by side.

    python -m bench.judging --events 100

An event is a hackathon: 106 projects in three tracks, 20 judges, four criteria of five steps, four
reviews a project. Judges differ in severity, use of the scale, noise and taste; one in ten is
careless, one in twenty pushes friends, one in twenty stops halfway. The truth is what an endless
panel of honest judges would give. Printed for each estimator: Kendall's tau to the truth, how often
it puts the true winner first and all of the true top three on top (means over tracks), the stated
against the true frequency of its winner being right, and milliseconds for an event.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import kendalltau

from judging.ranking import fit_ranking, median, raw_mean, read_reviews, z_score


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


SETTINGS = {
    "the reference hackathon": Setting(),
    "few judges": Setting(judges=6, reviews=2),
    "many careless": Setting(careless=0.3),
    "eight reviews": Setting(reviews=8),
}


def limits(setting: Setting) -> np.ndarray:
    """Where one step ends and the next begins on the latent scale, (steps - 1,)."""
    return np.linspace(-1.9, 1.5, setting.steps - 1)


def honest_panel(setting: Setting, quality: np.ndarray) -> np.ndarray:
    """Expected score of an endless honest panel for each latent quality of any shape."""
    rng = np.random.default_rng(0)
    size = (4000, 1)
    severity = rng.normal(0, np.hypot(setting.severity, setting.severity_by_criterion), size)
    slope = np.exp(rng.normal(0, setting.scale, size))
    factor = np.exp(rng.normal(0, setting.noise, size))
    steps = limits(setting) + rng.normal(0, setting.thresholds, (4000, setting.steps - 1))
    deviation = slope * factor * np.hypot(setting.taste, setting.error)
    grid = np.linspace(-4.5, 4.5, 61)
    score = [1 + ndtr((slope * x - severity - steps) / deviation).sum(1).mean() for x in grid]
    return np.interp(quality, grid, score)


@dataclass(frozen=True)
class Event:
    track: np.ndarray
    truth: np.ndarray
    judge: np.ndarray
    entry: np.ndarray
    criterion: np.ndarray
    score: np.ndarray


def simulate(setting: Setting, rng: np.random.Generator) -> Event:
    n, judges, criteria = sum(setting.tracks), setting.judges, setting.criteria
    track = np.repeat(np.arange(len(setting.tracks)), setting.tracks)
    common = np.sqrt(setting.agreement) * rng.normal(size=(n, 1))
    quality = common + np.sqrt(1 - setting.agreement) * rng.normal(size=(n, criteria))
    truth = honest_panel(setting, quality).mean(axis=1)
    latent = impressions(setting, quality, truth, track, rng)  # (n, J, K)
    steps = np.sort(
        limits(setting) + rng.normal(0, setting.thresholds, (judges, setting.steps - 1))
    )
    entry, judge = assign(setting, n, rng)
    given = 1 + (latent[entry, judge][:, :, None] > steps[judge][:, None, :]).sum(axis=2)
    review, criterion = np.nonzero(rng.random(given.shape) >= setting.gaps)
    return Event(track, truth, judge[review], entry[review], criterion, given[review, criterion])


def impressions(
    setting: Setting,
    quality: np.ndarray,
    truth: np.ndarray,
    track: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """What each judge would answer on the latent scale, honest or not: (n, J, K)."""
    (n, criteria), judges = quality.shape, setting.judges
    severity = rng.normal(0, setting.severity, judges)
    own = rng.normal(0, setting.severity_by_criterion, (judges, criteria))
    factor = np.exp(rng.normal(0, setting.noise, judges))[None, :, None]
    taste = rng.normal(0, setting.taste, (n, judges, 1))
    error = rng.normal(0, setting.error, (n, judges, criteria))
    slope = np.exp(rng.normal(0, setting.scale, judges))[None, :, None]
    latent = slope * (quality[:, None] + factor * (taste + error)) - own
    for judge in range(judges):
        kind = rng.random()
        if kind < setting.careless / 2:  # any number
            latent[:, judge] = rng.normal(0.2, 0.85, (n, criteria)) + rng.normal(0, 0.9, (n, 1))
        elif kind < setting.careless:  # nearly the same for all
            latent[:, judge] = rng.normal(0, 0.35, (n, criteria))
        elif kind < setting.careless + setting.pushing:
            _push(latent[:, judge], truth, track, rng)
    return latent - severity[None, :, None]


def _push(
    latent: np.ndarray, truth: np.ndarray, track: np.ndarray, rng: np.random.Generator
) -> None:
    """Three friends are lifted, the rivals among the best of their track put down; in place."""
    members = np.flatnonzero(track == rng.integers(track.max() + 1))
    members = members[np.argsort(-truth[members])]
    friends = rng.choice(members[: len(members) // 2], 3, replace=False)
    latent[friends] += 3.0
    latent[np.setdiff1d(members[:8], friends)] -= 1.6


def assign(setting: Setting, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(entry, judge) of each review that takes place: balanced loads, some are never done."""
    load, pairs = np.zeros(setting.judges), []
    for _ in range(setting.reviews):
        for entry in rng.permutation(n):
            cost = load + 1e-3 * rng.random(setting.judges)
            cost[[judge for other, judge in pairs if other == entry]] = np.inf
            pairs.append((entry, judge := int(np.argmin(cost))))
            load[judge] += 1
    entry, judge = np.array(pairs).T
    half = np.zeros(len(judge), bool)
    for stopped in np.flatnonzero(rng.random(setting.judges) < setting.stopping):
        mine = np.flatnonzero(judge == stopped)
        half[mine[len(mine) // 2 :]] = True
    done = ~half & (rng.random(len(judge)) >= setting.missing)
    return entry[done], judge[done]


def ours(event: Event) -> tuple[np.ndarray, np.ndarray | None]:
    ranking = fit_ranking(
        event.judge, event.entry, event.score, criterion=event.criterion, track=event.track
    )
    return ranking.mean, ranking.p_first


def plain(estimator):
    def estimate(event: Event) -> tuple[np.ndarray, np.ndarray | None]:
        reviews = read_reviews(
            event.judge, event.entry, event.score, criterion=event.criterion, track=event.track
        )
        found = estimator(reviews)
        return np.where(np.isnan(found), np.nanmean(found), found), None

    return estimate


ESTIMATORS = {
    "raw mean": plain(raw_mean),
    "median": plain(median),
    "z-score per judge": plain(z_score),
    "Podium": ours,
}


def measure(event: Event, estimate) -> list[list[float]]:
    """[tau, winner, top three, said, ms] of each track."""
    start = time.perf_counter()
    value, p_first = estimate(event)
    took = 1000 * (time.perf_counter() - start)
    rows = []
    for code in np.unique(event.track):
        members = np.flatnonzero(event.track == code)
        guess, truth = value[members], event.truth[members]
        first = np.argmax(guess)
        said = np.nan if p_first is None else p_first[members][first]
        top = set(np.argsort(-guess)[:3]) == set(np.argsort(-truth)[:3])
        tau = kendalltau(guess, truth).statistic
        rows.append([tau, first == np.argmax(truth), top, said, took])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100, help="simulated events for each setting")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name, setting in SETTINGS.items():
        events = [
            simulate(setting, np.random.default_rng([options.seed, number]))
            for number in range(options.events)
        ]
        print(f"\n{name} ({options.events} events)\n")
        print("| estimator | tau | winner first | top three | said / true P(first) | ms |")
        print("| --- | --- | --- | --- | --- | --- |")
        for label, estimate in ESTIMATORS.items():
            rows = np.array([row for event in events for row in measure(event, estimate)])
            tau, winner, top, said, _ = rows.mean(axis=0)
            stated = "" if np.isnan(said) else f"{said:.2f} / {winner:.2f}"
            took = np.median(rows[:, 4])
            print(f"| {label} | {tau:.3f} | {winner:.2f} | {top:.2f} | {stated} | {took:.1f} |")


if __name__ == "__main__":
    main()
