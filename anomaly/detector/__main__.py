"""`python -m anomaly.detector table.csv --out report/`: score a table without the site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from anomaly.detector.reading import TableError
from anomaly.detector.scoring import score_file


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 2 with one line on stderr for input that cannot be scored."""
    options = _parser().parse_args(arguments)
    try:
        with tqdm(total=100, disable=None, bar_format="{desc:<11}{bar} {percentage:3.0f}%") as bar:
            summary = score_file(
                options.table,
                options.out,
                roles=dict.fromkeys(options.ignore, "ignore"),
                label=options.label,
                seed=options.seed,
                device=options.device,
                rate=options.rate,
                html=True,
                progress=lambda stage, fraction: _show(bar, stage, fraction),
            )
    except TableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(
        f"{summary['flagged']} of {summary['rows']} rows are anomalous at a false discovery rate "
        f"of {summary['rate']:.0%}. Report: {options.out / 'report.html'}\n"
    )
    return 0


def _show(bar: tqdm[None], stage: str, fraction: float) -> None:
    bar.set_description_str(stage)
    bar.update(100 * fraction - bar.n)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m anomaly.detector", description=__doc__)
    parser.add_argument(
        "table", type=Path, help="CSV, TSV, JSON Lines, Parquet, NPY, NPZ, XLSX or ARFF"
    )
    parser.add_argument("--out", type=Path, default=Path("report"), help="folder for the results")
    parser.add_argument("--label", help="column that holds the answer; it is never learnt from")
    parser.add_argument("--ignore", action="append", default=[], help="column to leave out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    parser.add_argument("--rate", type=_rate, default=0.05, help="false discovery rate")
    return parser


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate < 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return rate


if __name__ == "__main__":
    sys.exit(main())
