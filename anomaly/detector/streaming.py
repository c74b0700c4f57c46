"""Tables larger than memory: learn from a sample, score batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anomaly.detector.detector import VAEDetector

ROWS_TO_LEARN_FROM = 100_000
ROWS_AT_ONCE = 100_000


def fit_parquet(path: str | Path, detector: VAEDetector | None = None) -> VAEDetector:
    """Fit to at most ROWS_TO_LEARN_FROM rows, spread evenly over the file."""
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    parts: list[pl.DataFrame] = []
    for batch in batches(path):
        share = ROWS_TO_LEARN_FROM / max(rows, ROWS_TO_LEARN_FROM)
        parts.append(batch.sample(fraction=share, seed=len(parts)))
    return (detector or VAEDetector()).fit(pl.concat(parts))


def score_parquet(path: str | Path, detector: VAEDetector) -> Iterator[NDArray[np.float64]]:
    """Scores of a Parquet file's rows, one array a batch: the table `detector` was fitted on."""
    for batch in batches(path):
        yield detector.score_samples(batch, novelty=False)


def batches(path: str | Path, size: int = ROWS_AT_ONCE) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file, `size` at a time."""
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    for start in range(0, rows, size):
        yield pl.scan_parquet(path).slice(start, size).collect()
