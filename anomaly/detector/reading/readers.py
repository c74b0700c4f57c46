"""One reader for each kind of file, and what is done to what all of them bring."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from anomaly.detector.reading import arff, arrays, delimited, jsonlines, parquet, workbook
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.inference import typed
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.progress import Tell, silent
from anomaly.detector.reading.tables import Table, Told, refuse_long_cells

READERS = {
    "delimited": delimited.read,
    "jsonl": jsonlines.read,
    "arff": arff.read,
    "parquet": parquet.read,
    "npy": arrays.read_npy,
    "npz": arrays.read_npz,
    "xlsx": workbook.read,
}


def parse(
    path: Path,
    kind: str,
    name: str,
    told: Told,
    limits: Limits,
    scratch: Path,
    tell: Tell = silent,
) -> Table:
    """Columns of text come in the types that they mean. Raises TableError."""
    table = READERS[kind](path, name, told, limits, scratch)
    if table.frame.width == 0 or table.frame.null_count().sum_horizontal().item() == (
        table.frame.height * table.frame.width
    ):
        raise TableError(
            "table.all_missing", f"Every value of {name} is missing; send a table with values."
        )
    decimal = str(table.reading.get("decimal") or told.get("decimal") or ".")
    left = table.frame.get_columns()[::-1]
    table.frame = pl.DataFrame()  # so that the text of each column is free once it is typed
    done: list[pl.Series] = []
    while left:
        tell("typing", len(done), len(done) + len(left))
        series = left.pop()
        refuse_long_cells(series, name, limits)
        meant, note = typed(series, decimal, told.get("dates", ""))
        done.append(meant)
        if note:
            table.notes[series.name] = note
    table.frame = pl.DataFrame(done)
    return table
