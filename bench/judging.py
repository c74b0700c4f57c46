"""Who finds the true winner? Simulated judging, side by side.

    python -m bench.judging --events 100

Printed for each estimator: Kendall's tau to the truth, how often it puts the true winner first and
all of the true top three on top (means over tracks), the stated against the true frequency of its
winner being right, and milliseconds for an event. "Podium, next best" has the same number of
reviews as the others, but each one after the first two of a project goes where it is expected to
settle most. `--reliability` prints, for all stated P(first) together, how often they came true, and
how many of the 90 % intervals hold; `--alarms` which judges are pointed out; `--speed`, instead of
all this, how long ranking and next best take; `--like-eight`, how many reviews a project the
ranking needs for what raw means have from eight.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

import numpy as np
from scipy.stats import kendalltau
from threadpoolctl import threadpool_limits

from bench.judging_events import (
    CARELESS,
    HONEST,
    PUSHING,
    SETTINGS,
    Event,
    Setting,
    assign,
    simulate,
)
from bench.judging_peers import PEERS, crowd_bt
from judging.ranking import Ranking, fit_ranking, read_reviews, surprises
from judging.ranking.next_review import next_best

AT_ONCE = 8  # judges who are reading at the same time: what they will say is not known yet
DECILES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001]


def ours(ballots: dict) -> Ranking:
    return fit_ranking(**ballots)


ESTIMATORS = PEERS | {"Podium": ours}
CROWD = "Crowd-BT (as Gavel, same reading)"
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


def compare(setting: Setting, events: range, seed: int, sent: int, alone: bool) -> dict[str, list]:
    """By estimator: rows of `measure` with the milliseconds, and (stated, true) of each entry."""
    estimators = {"Podium": ours} if alone else ESTIMATORS
    told: dict[str, list] = {label: [] for label in [*estimators, CROWD, ADAPTIVE]}
    stated: list[tuple[np.ndarray, ...]] = []
    alarms: list[np.ndarray] = []
    for number in events:
        rng = np.random.default_rng([seed, number])
        event = simulate(setting, rng)
        entry, judge = assign(event, rng)
        ballots = event.ballots(entry, judge)
        for label, estimate in estimators.items():
            start = time.perf_counter()
            found = estimate(ballots)
            took = 1000 * (time.perf_counter() - start)
            told[label] += [[*row, took] for row in measure(event, found)]
            if isinstance(found, Ranking):
                held = (found.low <= event.truth) & (event.truth <= found.high)
                stated.append((found.p_first, is_first(event), held))
                alarms.append(pointed_out(event, found, ballots))
        if not alone:
            found = crowd_bt(ballots, event.overall, rng)
            told[CROWD] += [[*row, np.nan] for row in measure(event, found)]
        if number < events.start + sent:
            chance = np.random.default_rng([seed, number, 7])
            ballots = adaptive(event, len(entry), chance)
            told[ADAPTIVE] += [[*row, np.nan] for row in measure(event, ours(ballots))]
    return told | {"stated": stated, "alarms": alarms}


def pointed_out(event: Event, ranking: Ranking, ballots: dict) -> np.ndarray:
    """(kind, pointed out as careless, as pushing) of each judge with a review, (J, 3)."""
    found = surprises(ranking, read_reviews(**ballots))
    rows = np.zeros((len(ranking.noise), 3), int)
    rows[:, 0] = event.kind[: len(rows)]
    for surprise in found:
        rows[surprise.judge, 1 if surprise.kind == "careless" else 2] = 1
    return rows


def print_alarms(alarms: list[np.ndarray]) -> None:
    rows = np.concatenate(alarms)
    print("\n| judges | number | pointed out as careless | as pushing |\n| --- | --- | --- | --- |")
    for kind, label in ((HONEST, "honest"), (CARELESS, "careless"), (PUSHING, "pushing")):
        here = rows[rows[:, 0] == kind]
        print(f"| {label} | {len(here)} | {here[:, 1].mean():.3f} | {here[:, 2].mean():.3f} |")


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


def print_reliability(stated: list[tuple[np.ndarray, ...]]) -> None:
    p, came, held = (np.concatenate(parts) for parts in zip(*stated, strict=True))
    print(f"\n90 % intervals that hold the truth: {100 * held.mean():.1f} %")
    print("\n| stated P(first) | cases | said | true | off by | standard error |")
    print("| --- | --- | --- | --- | --- | --- |")
    for low, high in pairwise(DECILES):
        here = (low <= p) & (p < high)
        if here.sum():
            said, true = p[here].mean(), came[here].mean()
            error = np.sqrt(said * (1 - said) / here.sum())
            figures = f"{said:.3f} | {true:.3f} | {true - said:+.3f} | {error:.3f}"
            print(f"| {low:.1f} to {min(high, 1):.1f} | {here.sum()} | {figures} |")


@threadpool_limits.wrap(limits=1)
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
        print(f"ranking, {n} x {judges}, {len(entry)} reviews: {min(took):.3f} s")
        if n < 1000:
            start = time.process_time()
            ranking = fit_ranking(judge, entry, score, track=np.arange(n) % 3)
            next_best(ranking, 0, allowed=np.ones(n, bool), pending=np.zeros(n, int))
            took_all = time.process_time() - start
            print(f"next best with its ranking, {n} x {judges}: {took_all:.3f} s")


def print_like_eight(events: int, seed: int) -> None:
    """How often the true winner stands first: raw means of eight reviews, the ranking of fewer."""
    base = SETTINGS["the reference hackathon"]
    rows = [("raw mean", PEERS["raw mean"], 8)] + [("Podium", ours, r) for r in (4, 5, 6, 7, 8)]
    print("| estimator | reviews | winner first | tau |\n| --- | --- | --- | --- |")
    for label, estimate, reviews in rows:
        found = []
        for number in range(events):
            rng = np.random.default_rng([seed, number])
            event = simulate(base, rng)
            ballots = event.ballots(*assign(event, rng, rounds=reviews))
            found += measure(event, estimate(ballots))
        tau, winner = np.mean(found, axis=0)[:2]
        print(f"| {label} | {reviews} | {winner:.2f} | {tau:.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100, help="simulated events for each setting")
    parser.add_argument("--first", type=int, default=0, help="the number of the first event")
    parser.add_argument("--sent", type=int, default=0, help="of them also with next best")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--setting", action="append", choices=SETTINGS, help="only this one")
    parser.add_argument("--alone", action="store_true", help="without the peers, far faster")
    parser.add_argument("--reliability", action="store_true")
    parser.add_argument("--alarms", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--like-eight", action="store_true")
    options = parser.parse_args()
    if options.speed:
        return print_speed()
    if options.like_eight:
        return print_like_eight(options.events, options.seed)
    for name in options.setting or SETTINGS:
        events = range(options.first, options.first + options.events)
        with threadpool_limits(1):  # small matrices: a second thread only waits
            told = compare(SETTINGS[name], events, options.seed, options.sent, options.alone)
        stated, alarms = told.pop("stated"), told.pop("alarms")
        print(f"\n**{name}** ({options.events} events, {options.sent} with next best)\n")
        print_table(told)
        if options.reliability:
            print_reliability(stated)
        if options.alarms:
            print_alarms(alarms)


if __name__ == "__main__":
    main()
