"""Who finds the true winner? Simulated judging, side by side.

    python -m bench.judging --events 100

Printed for each estimator: Kendall's tau to the truth, how often it puts the true winner first and
all of the true top three on top (means over tracks), the stated against the true frequency of its
winner being right, and milliseconds for an event. "Podium, next best" has the same number of
reviews as the others, but each one after the first two of a project goes where it is expected to
settle most. `--reliability` prints, for all stated P(first) together, how often they came true;
`--speed`, instead of all this, how long the ranking takes.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

import numpy as np
from scipy.stats import kendalltau

from bench.judging_events import SETTINGS, Event, Setting, assign, simulate
from judging.ranking import Ranking, fit_ranking, median, raw_mean, read_reviews, z_score
from judging.ranking.next_review import next_best

try:
    import choix  # a peer to measure against, not a dependency
except ImportError:
    choix = None

AT_ONCE = 8  # judges who are reading at the same time: what they will say is not known yet
BINS = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.001]


def ours(ballots: dict) -> Ranking:
    return fit_ranking(**ballots)


def plain(estimator):
    def estimate(ballots: dict) -> np.ndarray:
        found = estimator(read_reviews(**ballots))
        return np.where(np.isnan(found), np.nanmean(found), found)

    return estimate


def bradley_terry(ballots: dict) -> np.ndarray:
    """What choix makes of "this one got more than that one", from each judge and track."""
    reviews = read_reviews(**ballots)
    won = []
    for group in np.unique(np.column_stack([reviews.judge, reviews.track[reviews.entry]]), axis=0):
        mine = (reviews.judge == group[0]) & (reviews.track[reviews.entry] == group[1])
        entry, score = reviews.entry[mine], reviews.score[mine]
        better, worse = np.nonzero(score[:, None] > score[None, :] + 1e-9)
        won += list(zip(entry[better], entry[worse], strict=True))
    return choix.ilsr_pairwise(reviews.entries, won, alpha=0.1)


ESTIMATORS = {
    "raw mean": plain(raw_mean),
    "median": plain(median),
    "z-score per judge": plain(z_score),
    "Podium": ours,
}
if choix:
    ESTIMATORS["Bradley-Terry (choix)"] = bradley_terry
ADAPTIVE = "Podium, next best"


def adaptive(event: Event, budget: int, rng: np.random.Generator) -> dict:
    """The ballots when judges, in turn, are sent where their next review settles most."""
    n, judges = event.absent.shape
    entry, judge = (list(codes) for codes in assign(event, rng, rounds=2))
    share = np.where(event.stopping, budget / judges / 2, np.inf)
    while len(entry) < budget:
        ballots = event.ballots(np.array(entry), np.array(judge))
        ranking = fit_ranking(**ballots)
        pending = np.zeros(n, int)
        load = np.bincount(judge, minlength=judges)
        asking = [j for j in np.argsort(load + rng.random(judges)) if load[j] < share[j]]
        for who in asking[: min(AT_ONCE, budget - len(entry))]:
            allowed = np.ones(n, bool)
            allowed[[e for e, j in zip(entry, judge, strict=True) if j == who]] = False
            known = who if who < len(ranking.noise) else None
            choice = next_best(ranking, known, allowed=allowed, pending=pending)
            if choice is None:
                return ballots
            entry.append(choice.entry)
            judge.append(who)
            pending[choice.entry] += 1
    return event.ballots(np.array(entry), np.array(judge))


def measure(event: Event, found: np.ndarray | Ranking) -> list[list[float]]:
    """[tau, winner, top three, said] of each track."""
    value = found.mean if isinstance(found, Ranking) else found
    rows = []
    for code in np.unique(event.track):
        members = np.flatnonzero(event.track == code)
        guess, truth = value[members], event.truth[members]
        first = np.argmax(guess)
        said = found.p_first[members][first] if isinstance(found, Ranking) else np.nan
        top = set(np.argsort(-guess)[:3]) == set(np.argsort(-truth)[:3])
        rows.append([kendalltau(guess, truth).statistic, first == np.argmax(truth), top, said])
    return rows


def compare(setting: Setting, events: int, seed: int, sent: int) -> dict[str, list]:
    """By estimator: rows of `measure` with the milliseconds, and (stated, true) of each entry."""
    told: dict[str, list] = {label: [] for label in [*ESTIMATORS, ADAPTIVE]}
    stated: list[tuple[np.ndarray, np.ndarray]] = []
    for number in range(events):
        rng = np.random.default_rng([seed, number])
        event = simulate(setting, rng)
        entry, judge = assign(event, rng)
        ballots = event.ballots(entry, judge)
        for label, estimate in ESTIMATORS.items():
            start = time.perf_counter()
            found = estimate(ballots)
            took = 1000 * (time.perf_counter() - start)
            told[label] += [[*row, took] for row in measure(event, found)]
            if isinstance(found, Ranking):
                stated.append((found.p_first, is_first(event)))
        if number < sent:
            ballots = adaptive(event, len(entry), rng)
            told[ADAPTIVE] += [[*row, np.nan] for row in measure(event, ours(ballots))]
    return told | {"stated": stated}


def is_first(event: Event) -> np.ndarray:
    """Whether each project is the true first of its track, (n,)."""
    best = np.full(event.track.max() + 1, -np.inf)
    np.maximum.at(best, event.track, event.truth)
    return event.truth == best[event.track]


def print_table(told: dict[str, list]) -> None:
    print("| estimator | tau | winner first | top three | said / true P(first) | ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for label, rows in told.items():
        if rows:
            tau, winner, top, said, _ = np.mean(rows, axis=0)
            said = "" if np.isnan(said) else f"{said:.2f} / {winner:.2f}"
            took = np.median([row[4] for row in rows])
            took = "" if np.isnan(took) else f"{took:.1f}"
            print(f"| {label} | {tau:.3f} | {winner:.2f} | {top:.2f} | {said} | {took} |")


def print_reliability(stated: list[tuple[np.ndarray, np.ndarray]]) -> None:
    p, came = (np.concatenate(parts) for parts in zip(*stated, strict=True))
    print("\n| stated P(first) | cases | said | true |\n| --- | --- | --- | --- |")
    for low, high in pairwise(BINS):
        here = (low <= p) & (p < high)
        if here.sum():
            figures = f"{here.sum()} | {p[here].mean():.3f} | {came[here].mean():.3f}"
            print(f"| {low:.2f} to {min(high, 1):.2f} | {figures} |")


def print_speed() -> None:
    """Seconds of one core, the best of three."""
    for n, judges, reviews in ((106, 30, 4), (10_000, 2_000, 6)):
        rng = np.random.default_rng(0)
        entry = np.repeat(np.arange(n), reviews)
        judge = np.concatenate([rng.permutation(judges)[:reviews] for _ in range(n)])
        score = rng.integers(1, 6, n)[entry] + rng.normal(size=len(entry))
        took = []
        for _ in range(3):
            start = time.process_time()
            fit_ranking(judge, entry, score, track=np.arange(n) % 3)
            took.append(time.process_time() - start)
        print(f"{n} x {judges}, {len(entry)} reviews: {min(took):.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100, help="simulated events for each setting")
    parser.add_argument("--sent", type=int, default=0, help="of them also with next best")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--setting", action="append", choices=SETTINGS, help="only this one")
    parser.add_argument("--reliability", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    if options.speed:
        print_speed()
        return
    for name in options.setting or SETTINGS:
        told = compare(SETTINGS[name], options.events, options.seed, options.sent)
        stated = told.pop("stated")
        print(f"\n**{name}** ({options.events} events, {options.sent} with next best)\n")
        print_table(told)
        if options.reliability:
            print_reliability(stated)


if __name__ == "__main__":
    main()
