"""What reading hands on, and what all readers check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits

MISSING = ["", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "None", "none", "?", "-"]

Told = Mapping[str, str]  # what a person said of a file: its delimiter, encoding, sheet, …


@dataclass
class Table:
    frame: pl.DataFrame
    reading: dict[str, Any]  # how the file was read, as found or as told
    remarks: list[str] = field(default_factory=list)  # on the whole table
    notes: dict[str, str] = field(default_factory=dict)  # on columns, by name


def distinct_names(found: Sequence[str], limits: Limits, name: str) -> tuple[list[str], list[str]]:
    """A name of its own for every column, and remarks on those that had none.

    Raises TableError for a name that is too long.
    """
    names: list[str] = []
    taken: set[str] = set()
    nameless = doubled = 0
    for i, cell in enumerate(found, start=1):
        base = " ".join(cell.split()) or f"column_{i}"
        nameless += not cell.strip()
        if len(base) > limits.column_name:
            raise TableError(
                "table.long_name",
                f"The name of column {i:,} of {name} has {len(base):,} characters; "
                f"{limits.column_name:,} are allowed.",
            )
        own, copy = base, 2
        while own in taken:
            own, copy = f"{base}_{copy}", copy + 1
        doubled += own != base
        taken.add(own)
        names.append(own)
    return names, _on_names(nameless, doubled)


def _on_names(nameless: int, doubled: int) -> list[str]:
    remarks = []
    if nameless:
        remarks.append(f"Columns without a name are numbered ({nameless:,}).")
    if doubled:
        remarks.append(f"Columns of the same name are told apart by a number ({doubled:,}).")
    return remarks


def refuse_size(rows: int, columns: int, name: str, limits: Limits) -> None:
    """From what a header promises, before anything is read. Raises TableError."""
    if columns > limits.columns:
        raise TableError(
            "table.too_wide", f"{name} has {columns:,} columns; {limits.columns:,} are allowed."
        )
    if rows > limits.rows:
        raise TableError(
            "table.too_many_rows", f"{name} has {rows:,} rows; {limits.rows:,} are allowed."
        )


def no_rows(name: str) -> TableError:
    return TableError("table.no_rows", f"{name} has a header but no rows below it.")


def damaged(name: str) -> TableError:
    return TableError("file.damaged", f"{name} is damaged or cut off; send the file again.")


def refuse_long_cells(series: pl.Series, name: str, limits: Limits) -> None:
    if series.dtype != pl.String:
        return
    longest = series.str.len_bytes().max()
    if not isinstance(longest, int) or longest <= limits.cell_length:  # no more characters then
        return
    lengths = series.str.len_chars()
    row = lengths.arg_max() or 0
    if lengths[row] > limits.cell_length:
        raise TableError(
            "table.long_cell",
            f"Row {row + 1:,} of {name} has {lengths[row]:,} characters in column {series.name}; "
            f"{limits.cell_length:,} are allowed in a cell.",
        )
