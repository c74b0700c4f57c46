"""How long each reader takes, and how much memory: a table of 1,000,000 rows and 30 columns.

    python bench/readers.py [--rows 1000000] [--repeat 3]

Twenty columns of decimals, five of whole numbers, three of words, one of dates, one of yes and no;
every file holds the same table. Each reading is a fresh process, as on the site: "read" is the
parsing and typing, "whole" everything from its start to its profile. Medians; beside them pyarrow's
own reader of the same file, where it has one, without typing or profile.
"""

import argparse
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

CHILD = """
import json, resource, sys, time
began = time.perf_counter()
from anomaly.datasets import sandbox
sandbox.leave_the_network()
from anomaly.detector.reading import profile, read
path = sys.argv[1]
start = time.perf_counter()
table = read(path)
middle = time.perf_counter()
profile(table.frame, notes=table.notes)
end = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([middle - start, end - began, peak]))
"""
KINDS = ("csv", "csv.gz", "jsonl", "parquet", "npz")
ARROW = {
    "csv": "import pyarrow.csv as r; r.read_csv(sys.argv[1])",
    "jsonl": "import pyarrow.json as r; r.read_json(sys.argv[1])",
    "parquet": "import pyarrow.parquet as r; r.read_table(sys.argv[1])",
}


def make(rows: int, folder: Path) -> dict[str, Path]:
    chance = np.random.default_rng(0)
    days = np.datetime64("2020-01-01") + chance.integers(0, 700, rows)
    words = np.array(["red", "green", "blue", "a longer value here"])
    columns: dict[str, object] = {f"x{i}": chance.normal(size=rows).round(5) for i in range(20)}
    columns |= {f"n{i}": chance.integers(0, 10_000, rows) for i in range(5)}
    columns |= {f"word{i}": chance.choice(words, rows) for i in range(3)}
    frame = pl.DataFrame(columns | {"day": days, "flag": chance.integers(0, 2, rows) == 1})
    files = {
        kind: folder / f"table.{kind}" for kind in ("csv", "jsonl", "parquet", "npz", "csv.gz")
    }
    frame.write_csv(files["csv"])
    frame.write_ndjson(files["jsonl"])
    frame.write_parquet(files["parquet"])
    np.savez(
        files["npz"], **{name: frame.get_column(name).to_numpy() for name in frame.columns[:25]}
    )
    with files["csv"].open("rb") as source, gzip.open(files["csv.gz"], "wb", 6) as target:
        shutil.copyfileobj(source, target)
    return files


def ours(path: Path) -> list[float]:
    said = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def arrow(kind: str, path: Path) -> float:
    code = (
        f"import sys, time; t = time.perf_counter(); {ARROW[kind]}; print(time.perf_counter() - t)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    return float(said.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = make(options.rows, Path(folder))
        print(f"{options.rows:,} rows, 30 columns (npz: 25); seconds, medians of {options.repeat}")
        print(f"{'file':10}{'MiB':>8}{'read':>8}{'whole':>8}{'peak MiB':>10}{'pyarrow':>9}")
        for kind, path in files.items():
            runs = [ours(path) for _ in range(options.repeat)]
            read, whole, peak = (statistics.median(values) for values in zip(*runs, strict=True))
            beside = (
                statistics.median(arrow(kind, path) for _ in range(options.repeat))
                if kind in ARROW
                else None
            )
            size = path.stat().st_size / 2**20
            told = f"{beside:9.1f}" if beside else f"{'-':>9}"
            print(f"{kind:10}{size:8.0f}{read:8.1f}{whole:8.1f}{peak:10.0f}{told}", flush=True)


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"in {time.perf_counter() - started:.0f} s")
