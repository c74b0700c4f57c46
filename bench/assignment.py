"""How long assigning takes, and that it is even and by experts: `python -m bench.assignment`.

Conflicts by chance (one pair in a hundred), each judge at home in one of eight tracks and half of
the next. Seconds of one core, the median of the runs, with the step that connects the judges.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from judging.panel.balance import balance
from judging.panel.connect import connect, groups


def measure(n: int, judges: int, each: int, seed: int) -> tuple[float, str]:
    rng = np.random.default_rng(seed)
    allowed = rng.random((n, judges)) > 0.01
    track, home = rng.integers(0, 8, n), rng.integers(0, 8, judges)
    distance = np.where(
        track[:, None] == home, 0, np.where((track[:, None] + 1) % 8 == home, 5, 10)
    )
    nothing = np.zeros_like(allowed)
    start = time.process_time()
    new = balance(allowed, nothing, each=each, seed=seed, distance=distance)
    new = connect(new, allowed, nothing)
    took = time.process_time() - start
    load = new.sum(axis=0)
    parts = len(np.unique(groups(new)[1]))
    told = (
        f"reviews {new.sum(axis=1).min()} to {new.sum(axis=1).max()}, loads {load.min()} to "
        f"{load.max()}, at home {np.mean(distance[new] == 0):.2f}, groups of judges {parts}"
    )
    return took, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    for n, judges, each in ((106, 20, 4), (600, 120, 5), (3000, 1500, 6)):
        runs = [measure(n, judges, each, seed) for seed in range(options.runs)]
        took = np.median([seconds for seconds, _told in runs])
        print(f"{n} x {judges} x {each}: {took:.2f} s; {runs[0][1]}")


if __name__ == "__main__":
    main()
