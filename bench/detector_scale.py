"""Time and peak memory of the detector from ten thousand to ten million rows of 30 columns.

    python bench/detector_scale.py --rows 10000 100000 1000000 10000000

Each size runs in a process of its own: write a Parquet file, fit to a sample of it, score it all
batch by batch. Also one wide table (1,500 columns) and one tiny table (80 rows). One thread,
processor time: with one thread it is what a quiet machine would take. In every table each
thousandth row is a planted anomaly; of as many rows with the lowest scores, how many are such?
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

COLUMNS = 30


def write(path: Path, rows: int, columns: int) -> None:
    """A table whose columns hang together, one row in a thousand a planted anomaly; streamed."""
    rng = np.random.default_rng(0)
    loadings = rng.normal(size=(5, columns))

    def part(count: int) -> pl.LazyFrame:
        x = rng.normal(size=(count, 5)) @ loadings + rng.normal(size=(count, columns))
        x[:: min(1000, count)] += rng.normal(scale=5, size=columns)
        return pl.LazyFrame(x.astype(np.float32), schema=[f"c{j}" for j in range(columns)])

    folder = path.with_suffix("")
    folder.mkdir()
    for i, start in enumerate(range(0, rows, 100_000)):
        part(min(100_000, rows - start)).sink_parquet(folder / f"{i:05}.parquet")
    pl.scan_parquet(folder / "*.parquet").sink_parquet(path, row_group_size=100_000)


def measure(path: Path) -> str:
    import torch

    from anomaly.detector.streaming import fit_parquet, score_parquet

    torch.set_num_threads(1)
    began = time.process_time()
    detector = fit_parquet(path)
    fitted = time.process_time()
    scores = np.concatenate(list(score_parquet(path, detector)))
    done = time.process_time()
    rows = len(scores)
    planted = np.arange(0, rows, min(1000, rows))  # as `write` does
    found = np.isin(np.argsort(scores)[: len(planted)], planted).mean()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"fit {fitted - began:8.2f} s  score {done - fitted:8.2f} s "
        f"({rows / (done - fitted):9.0f} rows/s)  peak {peak:7.0f} MB  planted found {found:.0%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[10**4, 10**5, 10**6, 10**7])
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(measure(options.measure))
        return
    sizes = [(rows, COLUMNS) for rows in options.rows] + [(5_000, 1_500), (80, COLUMNS)]
    for rows, columns in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.parquet"
            arguments = [sys.executable, __file__, "--measure", str(path)]
            write(path, rows, columns)
            run = subprocess.run(arguments, capture_output=True, text=True, check=True)
            print(f"{rows:>10} x {columns:<5} {run.stdout.strip()}", flush=True)


if __name__ == "__main__":
    main()
