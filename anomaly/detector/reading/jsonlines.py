"""JSON Lines: one object in a line, each with the same flat fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from anomaly.detector.reading import encoding
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits, in_words
from anomaly.detector.reading.tables import Table, Told, distinct_names, refuse_size

LOOKED_AT = 1000  # lines read by Python first, for reasons that the fast reader does not give
MISSING_WORDS = "NaN and Infinity are no JSON; write null"


def read(path: Path, name: str, told: Told, limits: Limits, scratch: Path) -> Table:
    text, used = encoding.as_utf8(path, told.get("encoding", ""), name, scratch)
    _measure(text, name, limits)
    _examine(text, name, LOOKED_AT)
    try:
        frame = pl.read_ndjson(text, infer_schema_length=LOOKED_AT)
    except pl.exceptions.PolarsError:
        frame = _read_thoroughly(text, name)
    refuse_size(frame.height, frame.width, name, limits)
    refuse_nested(frame.schema, name)
    frame.columns, remarks = distinct_names(frame.columns, limits, name)
    return Table(frame, {"encoding": used}, remarks)


def _read_thoroughly(text: Path, name: str) -> pl.DataFrame:
    """A field may have another type, or appear, only far below: look at all lines."""
    try:
        return pl.read_ndjson(text, infer_schema_length=None)
    except pl.exceptions.PolarsError as error:
        _examine(text, name, None)
        raise TableError(
            "table.unreadable", f"{name} cannot be read as JSON Lines; save it as CSV or Parquet."
        ) from error


def _measure(path: Path, name: str, limits: Limits) -> None:
    """Rows and the longest line, before anything is parsed."""
    rows = 0
    with path.open("rb") as file:
        while line := file.readline(limits.line_bytes + 1):
            rows += 1
            if len(line) > limits.line_bytes:
                raise TableError(
                    "table.line_too_long",
                    f"A line of {name} is longer than {in_words(limits.line_bytes)}; a table has "
                    "one row in a line.",
                )
            if rows > limits.rows:
                refuse_size(rows, 0, name, limits)


def _examine(path: Path, name: str, most: int | None) -> None:
    """Raises TableError with the place of the first line that is not a flat object."""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if most is not None and number > most:
                return
            if line.strip():
                _examine_line(line, f"Line {number:,} of {name}", name)


def _examine_line(line: str, where: str, name: str) -> None:
    try:
        row = json.loads(line, parse_constant=_refuse_constant, object_pairs_hook=_without_twins)
    except RecursionError as error:
        raise TableError("table.nested", f"{where} is nested too deep for a table.") from error
    except _Twin as twin:
        raise TableError(
            "table.duplicate_columns", f"{where} has the field {str(twin)[:60]!r} twice."
        ) from twin
    except _Constant as error:
        raise TableError("table.unreadable", f"{where} holds {error}; write null.") from error
    except ValueError as error:
        if line.strip() in ("[", "{"):
            raise TableError(
                "table.unreadable",
                f"{name} is JSON, but not JSON Lines; write one object in each line.",
            ) from error
        raise TableError("table.unreadable", f"{where} is not valid JSON.") from error
    if not isinstance(row, dict):
        raise TableError(
            "table.unreadable",
            f"{where} is not an object; write one object with the row's fields in each line.",
        )


class _Twin(ValueError):
    pass


class _Constant(ValueError):
    pass


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twin(key)
        found[key] = value
    return found


def _refuse_constant(constant: str) -> NoReturn:
    raise _Constant(constant)


def refuse_nested(schema: pl.Schema, name: str) -> None:
    for column, kind in schema.items():
        if kind.is_nested():
            raise TableError(
                "table.nested",
                f"Column {column[:60]} of {name} holds lists or objects; a cell of a table holds "
                "one value, so give each its own column.",
            )
        if kind in (pl.Binary, pl.Object):
            raise TableError(
                "table.dtype",
                f"Column {column[:60]} of {name} holds raw bytes; leave it out or write text.",
            )
