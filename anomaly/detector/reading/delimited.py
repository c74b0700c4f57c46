"""CSV, TSV and their kin: the dialect is found, shown, and can be told."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import polars as pl

from anomaly.detector.reading import encoding
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits, in_words
from anomaly.detector.reading.scan import scan
from anomaly.detector.reading.tables import (
    MISSING,
    Table,
    Told,
    distinct_names,
    no_rows,
    refuse_size,
)

DELIMITERS = ",;\t|"
HEAD = 65536
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+")
_POINT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)\.\d+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def read(path: Path, name: str, told: Told, limits: Limits, scratch: Path) -> Table:
    """All columns as text, and the dialect they were read with. Raises TableError."""
    csv.field_size_limit(limits.line_bytes)
    text, used = encoding.as_utf8(path, told.get("encoding", ""), name, scratch)
    head = _head(text, name, limits)
    _refuse_json(head, name)
    quote = told.get("quote") or found_quote(head)
    marks = "" if quote == "none" else quote
    separator = told.get("delimiter") or found_delimiter(head, marks)
    first = _first_row(head, separator, marks, name)
    header = told.get("header") or ("no" if all(map(_is_number, first)) else "yes")
    decimal = told.get("decimal") or found_decimal(head, separator, marks)
    found = first if header == "yes" else [""] * len(first)
    refuse_size(0, len(first), name, limits)
    names, remarks = distinct_names(found, limits, name)
    rows = scan(text, separator, marks, len(first), name, limits) - (header == "yes")
    if rows <= 0:
        raise no_rows(name)
    frame = cells(text, separator, marks, header == "yes", names, name)
    reading = {
        "encoding": used,
        "delimiter": separator,
        "quote": quote,
        "decimal": decimal,
        "header": header,
    }
    return Table(frame, reading, remarks if header == "yes" else [])


def _head(path: Path, name: str, limits: Limits) -> str:
    """The first line, however long it is, and some more."""
    with path.open("rb") as file:
        line = file.readline(limits.line_bytes + 1)
        if len(line) > limits.line_bytes:
            raise TableError(
                "table.line_too_long",
                f"A line of {name} is longer than {in_words(limits.line_bytes)}; a table has one "
                "row in a line.",
            )
        head = (line + file.read(HEAD)).decode("utf-8-sig", errors="ignore")
    if not head.strip():
        raise TableError("file.empty", f"{name} is empty.")
    return head


def _refuse_json(head: str, name: str) -> None:
    if not head.lstrip().startswith(("{", "[")):
        return
    try:
        json.JSONDecoder().raw_decode(head.lstrip())
    except (ValueError, RecursionError):
        return
    raise TableError(
        "file.type_mismatch",
        f"{name} holds JSON, not cells with a delimiter; end its name in .jsonl and put one "
        "object in each line.",
    )


def _lines(head: str) -> list[str]:
    return [line for line in head.splitlines()[:200] if line.strip()][:50]


def found_quote(head: str) -> str:
    """Single quotation marks only where cells stand between them and none between double ones."""
    single = re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=$|[,;\t|\r])", head, re.MULTILINE)
    return "'" if single and '"' not in head else '"'


def found_delimiter(head: str, quote: str) -> str:
    """The delimiter that cuts the first lines into the same number of cells, at least two."""
    lines = _lines(head)

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _rows(lines, delimiter, quote))
        width, votes = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (votes, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=agreement)


def _rows(lines: list[str], delimiter: str, quote: str) -> list[list[str]]:
    if quote:
        return [*csv.reader(lines, delimiter=delimiter, quotechar=quote)]
    return [*csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)]


def found_decimal(head: str, delimiter: str, quote: str) -> str:
    cells = [cell.strip() for row in _rows(_lines(head), delimiter, quote) for cell in row]
    commas = [cell for cell in cells if _COMMA.fullmatch(cell)]
    points = sum(_POINT.fullmatch(cell) is not None for cell in cells)
    grouped = all(_GROUPED.fullmatch(cell) for cell in commas) and delimiter != ";"
    return "," if len(commas) > points and not grouped else "."


def _first_row(head: str, delimiter: str, quote: str, name: str) -> list[str]:
    try:
        if quote:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote)
        else:
            reader = csv.reader(io.StringIO(head), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return next(row for row in reader if row)
    except csv.Error as error:
        raise TableError("table.unparsable", f"The first line of {name}: {error}.") from error


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def cells(
    path: Path, separator: str, quote: str, header: bool, names: list[str], name: str
) -> pl.DataFrame:
    try:
        frame = pl.read_csv(
            path,
            separator=separator,
            quote_char=quote or None,
            has_header=header,
            null_values=MISSING,
            infer_schema=False,
        )
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        raise TableError(
            "table.unparsable",
            f"{name} cannot be cut into cells by {separator!r}; look at its quotation marks, or "
            "choose another delimiter.",
        ) from error
    frame.columns = names[: frame.width]
    if frame.width == 1:
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))  # blank lines are not rows
