"""Reconstruction error against reconstruction probability: who finds what.

Both come from held-out members, as in a report; on made data the score, which joins the
probability with distances, stands beside them.

    python bench/two_kinds.py --tables ../shared/data/adbench

First on made data with one kind of anomaly at a time, then over public tables: rank correlation,
overlap of the top lists, and the share of each list that is truly anomalous.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from detector_tables import TABLES, tasks
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from anomaly.detector import AutoencoderDetector, VAEDetector

ROWS, ANOMALIES, COLUMNS = 2000, 40, 8


def normal_rows(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Half of the rows come from a calm state (noise 0.05), half from a noisy one (noise 1).

    Two hidden causes drive all columns; the state shows in the first column.
    """
    noisy = rng.random(n) < 0.5
    loadings = np.random.default_rng(7).normal(size=(2, COLUMNS))
    x = rng.normal(size=(n, 2)) @ loadings
    x += np.where(noisy, 1.0, 0.05)[:, None] * rng.normal(size=(n, COLUMNS))
    x[:, 0] = np.where(noisy, 3.0, -3.0) + 0.1 * rng.normal(size=n)
    return x, noisy


def far_value(x: np.ndarray, noisy: np.ndarray, rng: np.random.Generator) -> None:
    rows = np.arange(len(x))
    x[rows, rng.integers(1, COLUMNS, len(x))] += rng.choice([-8.0, 8.0], len(x))


def unsteady_where_calm(x: np.ndarray, noisy: np.ndarray, rng: np.random.Generator) -> None:
    """Noise that is usual in the noisy state, in rows of the calm one."""
    calm, _ = normal_rows(rng, 20 * len(x))
    x[:] = calm[calm[:, 0] < 0][: len(x)]
    x[:, 1:] += 0.7 * rng.normal(size=(len(x), COLUMNS - 1))


def too_steady_where_noisy(x: np.ndarray, noisy: np.ndarray, rng: np.random.Generator) -> None:
    """Every column of the noisy state exactly on the plane of the causes."""
    loadings = np.random.default_rng(7).normal(size=(2, COLUMNS))
    x[:] = rng.normal(size=(len(x), 2)) @ loadings
    x[:, 0] = 3.0


def broken_link(x: np.ndarray, noisy: np.ndarray, rng: np.random.Generator) -> None:
    """Each value usual by itself, but taken from different rows."""
    for j in range(1, COLUMNS):
        x[:, j] = rng.permutation(x[:, j])


def dense_group(x: np.ndarray, noisy: np.ndarray, rng: np.random.Generator) -> None:
    """Many rows at one unusual place."""
    x[:] = rng.normal(size=COLUMNS) * 3 + 0.05 * rng.normal(size=x.shape)


KINDS: dict[str, Callable[[np.ndarray, np.ndarray, np.random.Generator], None]] = {
    "one far value": far_value,
    "unsteady where the rest is calm": unsteady_where_calm,
    "too steady where the rest is noisy": too_steady_where_noisy,
    "broken link between columns": broken_link,
    "a dense group elsewhere": dense_group,
}


def all_three(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Surprise by score, by reconstruction probability and by reconstruction error, (n,) each."""
    detector = VAEDetector().fit(x)
    error = AutoencoderDetector().fit(x).training_scores_
    return -detector.training_scores_, -detector.training_log_probability_, -error


def as_new(x: np.ndarray, seed: int) -> np.ndarray:
    """Surprise of rows, (n,), to a detector that learnt from others, all of them normal."""
    learnt_from, _ = normal_rows(np.random.default_rng(1000 + seed), ROWS)
    return -VAEDetector().fit(learnt_from).score_samples(x)


def made(seeds: int) -> None:
    header = f"{'made data, AUROC':40}{'score':>8}{'probability':>13}{'error':>8}"
    print(f"{header}{'score of new rows':>19}")
    for name, plant in KINDS.items():
        figures = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            x, noisy = normal_rows(rng, ROWS)
            plant(x[:ANOMALIES], noisy[:ANOMALIES], rng)
            truth = np.arange(ROWS) < ANOMALIES
            every = (*all_three(x), as_new(x, seed))
            figures.append([roc_auc_score(truth, surprise) for surprise in every])
        score, probability, error, new = np.mean(figures, axis=0)
        print(f"{name:40}{score:8.3f}{probability:13.3f}{error:8.3f}{new:19.3f}", flush=True)


def public(folder: Path, only: str) -> None:
    """Each method's list holds as many rows as the table has anomalies."""
    print(f"\n{'table':22}{'Spearman':>9}{'overlap':>9}{'found by both':>15}", end="")
    print(f"{'only probability':>18}{'only error':>12}{'neither':>9}")
    rows = []
    for task in tasks(folder, only=only):
        if task.protocol == "one-class":
            continue
        _, probability, error = all_three(task.fit)
        k = int(task.truth.sum())
        first, second = (set(np.argsort(-s)[:k]) for s in (probability, error))
        true = set(np.flatnonzero(task.truth))
        found = [first & second & true, (first - second) & true, (second - first) & true]
        shares = [len(f) / k for f in found]
        correlation = float(spearmanr(probability, error).statistic)
        rows.append([correlation, len(first & second) / k, *shares, 1 - sum(shares)])
        line(task.table, rows[-1])
    line("mean", np.mean(rows, axis=0).tolist())


def line(name: str, figures: list[float]) -> None:
    widths = (9, 9, 15, 18, 12, 9)
    cells = "".join(f"{f:{w}.2f}" for f, w in zip(figures, widths, strict=True))
    print(f"{name:22}{cells}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--only", default="", help="part of a table's name")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    made(options.seeds)
    public(options.tables, options.only)


if __name__ == "__main__":
    main()
