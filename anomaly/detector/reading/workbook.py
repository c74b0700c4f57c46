"""XLSX: the values of one sheet. Formulas count by the value that was saved with them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.inference import EXACT
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.tables import (
    Table,
    Told,
    damaged,
    distinct_names,
    no_rows,
    refuse_size,
)
from anomaly.detector.reading.unpacking import open_zip, refuse_large_members

_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def read(path: Path, name: str, told: Told, limits: Limits, _scratch: Path) -> Table:
    _examine(path, name, limits)
    sheets, sheet, frame = _load(path, name, told.get("sheet", ""))
    refuse_size(frame.height, frame.width, name, limits)
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null())) if frame.width else frame
    if frame.height == 0:
        raise no_rows(f"Sheet {sheet} of {name}")
    names, remarks = distinct_names(_found_names(frame), limits, name)
    frame.columns = names
    if len(sheets) > 1:
        others = ", ".join(s for s in sheets if s != sheet)
        remarks.append(f"Only the sheet {sheet} is read; there are others: {others[:200]}.")
    frame = frame.with_columns([_whole(column) for column in frame])
    return Table(frame, {"sheet": sheet, "sheets": sheets}, remarks)


def _examine(path: Path, name: str, limits: Limits) -> None:
    with open_zip(path, name) as archive:
        refuse_large_members(archive, path, name, limits)
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, member, name)


def _refuse_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    try:
        with archive.open(member) as file:
            head = file.read(2**16)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise damaged(name) from error
    if _ENTITY.search(head):
        raise TableError(
            "table.foreign_xml",
            f"{name} declares entities of its own, as no workbook does; save it anew as XLSX.",
        )


def _load(path: Path, name: str, told: str) -> tuple[list[str], str, pl.DataFrame]:
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        sheets = [*book.sheet_names]
        if told and told not in sheets:
            raise TableError(
                "table.no_sheet",
                f"{name} has no sheet named {told[:60]}, only {', '.join(sheets)[:200]}.",
            )
        for sheet in [told] if told else sheets:
            frame = book.load_sheet(sheet).to_polars()
            if frame.width or told:
                return sheets, sheet, frame
    except fastexcel.FastExcelError as error:
        raise damaged(name) from error
    raise TableError("table.no_rows", f"{name} has no sheet with anything in it.")


def _found_names(frame: pl.DataFrame) -> list[str]:
    return [re.sub(r"^__UNNAMED__\d+$", "", name) for name in frame.columns]


def _whole(column: pl.Series) -> pl.Series:
    """A workbook knows no whole numbers; those that are whole come back as such."""
    if not column.dtype.is_float() or column.null_count() == column.len():
        return column
    whole = bool((column == column.floor()).all()) and float(column.abs().max() or 0) < EXACT  # type: ignore[arg-type]
    return column.cast(pl.Int64) if whole else column
