"""Parquet. What the footer promises is checked first; what lies there dies with its process."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.jsonlines import refuse_nested
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.tables import (
    Table,
    Told,
    damaged,
    distinct_names,
    no_rows,
    refuse_size,
)

CELL = 8  # bytes of one cell once it is read, at least


def read(path: Path, name: str, _told: Told, limits: Limits, _scratch: Path) -> Table:
    try:
        schema = pl.read_parquet_schema(path)
        refuse_size(0, len(schema), name, limits)
        refuse_nested(pl.Schema(schema), name)
        rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        refuse_size(rows, len(schema), name, limits)
        if rows == 0:
            raise no_rows(name)
        _refuse_unpacked(rows * len(schema), name, limits)
        frame = pl.read_parquet(path)
    except pl.exceptions.DuplicateError as error:
        raise TableError(
            "table.duplicate_columns",
            f"{name} has two columns of one name; give each its own.",
        ) from error
    except pl.exceptions.PolarsError as error:
        raise damaged(name) from error
    frame.columns, remarks = distinct_names(frame.columns, limits, name)
    return Table(_plain(frame), {}, remarks)


def _refuse_unpacked(cells: int, name: str, limits: Limits) -> None:
    """Rows times columns: `total_byte_size` in the footer counts encoded bytes, not cells."""
    most = limits.unpacked_bytes // CELL
    if cells > most:
        raise TableError(
            "table.too_many_cells", f"{name} holds {cells:,} cells; {most:,} are allowed."
        )


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Categories as text, decimals as numbers."""
    return frame.with_columns(
        pl.col(pl.Categorical, pl.Enum).cast(pl.String), pl.col(pl.Decimal).cast(pl.Float64)
    )
