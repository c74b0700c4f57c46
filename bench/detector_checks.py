"""Is what the detector says of its own scores true? P-values, flags, explanations, stability.

    python bench/detector_checks.py --tables ../shared/data/adbench

On made data with known truth, but for the last line, which ranks the rows of every public table
with two seeds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from detector_tables import TABLES, tasks
from scipy.stats import kstest, spearmanr

from anomaly.detector import VAEDetector
from anomaly.detector.calibrate import benjamini_hochberg

# Few new rows beside the known ones, whose own chance the test does not count.
ROWS, NEW, PLANTED, COLUMNS = 1000, 200, 30, 10


def normal_rows(rng: np.random.Generator, n: int) -> np.ndarray:
    """Three hidden causes drive ten columns; one pair of columns is all but equal."""
    loadings = np.random.default_rng(7).normal(size=(3, COLUMNS))
    x = rng.normal(size=(n, 3)) @ loadings + 0.3 * rng.normal(size=(n, COLUMNS))
    x[:, 9] = x[:, 8] + 0.1 * rng.normal(size=n)
    return x


def plant_faults(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Six standard deviations in one column; returns which, (n,)."""
    column = rng.integers(0, 8, len(x))
    x[np.arange(len(x)), column] += rng.choice([-6, 6], len(x)) * x.std(axis=0)[column]
    return column


def break_links(x: np.ndarray, rng: np.random.Generator) -> None:
    """Let the last column take another row's value, two of its standard deviations away."""
    x[:, 9] += rng.choice([-2, 2], len(x)) * 1.5


def p_values_are_uniform(seeds: int) -> None:
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        detector = VAEDetector(random_state=seed).fit(normal_rows(rng, ROWS))
        found.append(kstest(detector.p_value(normal_rows(rng, NEW)), "uniform"))
    distance = np.mean([f.statistic for f in found])
    passed = sum(f.pvalue > 0.01 for f in found)
    print(
        f"p-values of {NEW} new normal rows: Kolmogorov-Smirnov distance {distance:.3f}, ", end=""
    )
    print(f"uniform (p > 0.01) in {passed} of {seeds} runs", flush=True)


def flags_and_explanations(seeds: int) -> None:
    rates = (0.05, 0.1, 0.2)
    wrong = {rate: [] for rate in rates}
    power = {rate: [] for rate in rates}
    fault, link = [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        x = normal_rows(rng, ROWS)
        column = plant_faults(x[:PLANTED], rng)
        break_links(x[PLANTED : 2 * PLANTED], rng)
        detector = VAEDetector(random_state=seed).fit(x)
        p = detector.training_p_values_
        for rate in rates:
            flagged = benjamini_hochberg(p, rate)
            wrong[rate].append(flagged[2 * PLANTED :].sum() / max(1, flagged.sum()))
            power[rate].append(flagged[: 2 * PLANTED].mean())
        first = detector.explain(x[: 2 * PLANTED]).argmax(axis=1)
        fault += list((first[:PLANTED] == column)[flagged[:PLANTED]])
        link += list((first[PLANTED:] >= 8)[flagged[PLANTED : 2 * PLANTED]])
    for rate in rates:
        error = np.std(wrong[rate]) / np.sqrt(seeds)
        print(f"flagged at {rate:.0%}: {np.mean(wrong[rate]):.1%} of them false ", end="")
        print(f"(standard error {error:.1%}), {np.mean(power[rate]):.0%} of planted rows found")
    print(
        f"explanation, one faulty column: right one first in {np.mean(fault):.1%} of {len(fault)}"
    )
    print(f"explanation, broken link: one of the two first in {np.mean(link):.1%} of {len(link)}")


def two_seeds_agree(folder: Path, only: str, half: int | None) -> None:
    found = []
    for task in tasks(folder, only=only, half=half):
        if task.protocol == "unlabelled":
            a, b = (VAEDetector(random_state=s).fit(task.fit) for s in (0, 1))
            correlation = spearmanr(a.score_samples(task.fit), b.score_samples(task.fit)).statistic
            held_out = spearmanr(a.training_scores_, b.training_scores_).statistic
            found.append((correlation, held_out))
    mean, held_out = np.mean(found, axis=0)
    print(f"two seeds, {len(found)} tables: mean Spearman correlation {mean:.3f}, ", end="")
    print(f"by held-out members {held_out:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--only", default="", help="part of a table's name")
    parser.add_argument("--half", type=int, choices=[0, 1], help="every other table")
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    torch.set_num_threads(1)
    p_values_are_uniform(options.seeds)
    flags_and_explanations(options.seeds)
    two_seeds_agree(options.tables, options.only, options.half)


if __name__ == "__main__":
    main()
