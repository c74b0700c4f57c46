"""The public tables and the two protocols that the detector's benches share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLES = Path("../shared/data/adbench")
MOST_ROWS = 20_000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Task:
    """Fit on `fit`, score `score`, compare with `truth` (1 = anomaly)."""

    table: str
    protocol: str  # "unlabelled" or "one-class"
    fit: Floats
    score: Floats
    truth: NDArray[np.int64]


def tasks(
    folder: Path = TABLES, *, only: str = "", half: int | None = None, seed: int = 0
) -> Iterator[Task]:
    """Both protocols of each table; `half` 0 or 1 takes every other table, in order of name.

    `only` holds parts of tables' names, separated by commas.
    """
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        raise SystemExit(f"No tables (*.npz) in {folder}; name their folder with --tables.")
    for path in paths if half is None else paths[half::2]:
        if any(part in path.stem for part in only.split(",")):
            with np.load(path, allow_pickle=False) as file:
                x, y = file["X"].astype(np.float64), file["y"].astype(np.int64).ravel()
            yield from _protocols(path.stem, *_cut(x, y, seed), seed)


def _cut(x: Floats, y: NDArray[np.int64], seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """At most MOST_ROWS rows, the rate of anomalies kept."""
    if len(x) <= MOST_ROWS:
        return x, y
    rng = np.random.default_rng(seed)
    share = MOST_ROWS / len(x)
    kept = np.concatenate(
        [
            rng.choice(np.flatnonzero(y == c), round(share * np.sum(y == c)), replace=False)
            for c in (0, 1)
        ]
    )
    kept.sort()
    return x[kept], y[kept]


def _protocols(name: str, x: Floats, y: NDArray[np.int64], seed: int) -> Iterator[Task]:
    yield Task(name, "unlabelled", *_standardised(x, x), y)
    normal = np.random.default_rng(seed).permutation(np.flatnonzero(y == 0))
    half, rest = np.split(normal, [len(normal) // 2])
    rest = np.concatenate([rest, np.flatnonzero(y == 1)])
    yield Task(name, "one-class", *_standardised(x[half], x[rest]), y[rest])


def _standardised(fit: Floats, score: Floats) -> tuple[Floats, Floats]:
    mean, sd = fit.mean(axis=0), fit.std(axis=0)
    sd[sd == 0] = 1.0
    return (fit - mean) / sd, (score - mean) / sd
