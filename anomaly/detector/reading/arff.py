"""ARFF, the format of Weka: attributes with their types, then rows of cells.

https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
"""

from __future__ import annotations

import csv
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from anomaly.detector.reading import delimited, encoding
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.scan import scan
from anomaly.detector.reading.tables import Table, Told, distinct_names, no_rows, refuse_size

LONGEST_DECLARATION = 2**20  # bytes
NUMERIC = {"numeric", "real", "integer"}
_ATTRIBUTE = re.compile(
    r"""@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{]+))\s*(.*)$""",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Attribute:
    name: str
    kind: str  # numeric, nominal, string or date
    values: tuple[str, ...] = ()


def read(path: Path, name: str, told: Told, limits: Limits, scratch: Path) -> Table:
    text, used = encoding.as_utf8(path, told.get("encoding", ""), name, scratch)
    data = Path(tempfile.mkstemp(dir=scratch, prefix="rows-")[1])
    with text.open(encoding="utf-8-sig", newline="") as source:
        attributes, line = _attributes(source, name)
        refuse_size(0, len(attributes), name, limits)
        quote = _copy_rows(source, data, line, name)
    expected = "its attributes are"
    names, remarks = distinct_names([a.name for a in attributes], limits, name)
    width = len(attributes)
    if not scan(data, ",", quote, width, name, limits, expected=expected, lines=line):
        raise no_rows(name)
    frame = delimited.cells(data, ",", quote, False, names, name)
    for attribute, own in zip(attributes, names, strict=True):
        _refuse_undeclared(frame.get_column(own), attribute, name)
    return Table(frame, {"encoding": used, "quote": quote}, remarks)


def _attributes(source: IO[str], name: str) -> tuple[list[Attribute], int]:
    """The declarations up to @data, and the number of the line that ends them."""
    found: list[Attribute] = []
    for number in range(1, 10**6):
        line = source.readline(LONGEST_DECLARATION)
        words = line.strip()
        if not line:
            break
        if len(line) == LONGEST_DECLARATION:
            raise TableError(
                "table.unreadable", f"Line {number:,} of {name} is too long for a declaration."
            )
        if re.match(r"@data\b", words, re.IGNORECASE):
            if not found:
                break
            return found, number
        if re.match(r"@attribute\b", words, re.IGNORECASE):
            found.append(_attribute(words, number, name))
        elif words and not re.match(r"%|@relation\b", words, re.IGNORECASE):
            raise _unreadable(number, name)
    raise TableError(
        "table.unreadable",
        f"{name} is not complete: an ARFF file has @attribute lines, then @data, then rows.",
    )


def _unreadable(number: int, name: str) -> TableError:
    return TableError(
        "table.unreadable",
        f"Line {number:,} of {name} is no declaration that ARFF knows; correct it or send CSV.",
    )


def _attribute(words: str, number: int, name: str) -> Attribute:
    match = _ATTRIBUTE.match(words)
    if not match:
        raise _unreadable(number, name)
    single, double, bare, kind = match.groups()
    own = next(part for part in (single, double, bare) if part is not None).replace("\\", "")
    if kind.startswith("{"):
        if not kind.rstrip().endswith("}"):
            raise _unreadable(number, name)
        return Attribute(own, "nominal", _nominal(kind.strip()[1:-1]))
    word = kind.split()[0].lower() if kind.split() else ""
    if word == "relational":
        raise TableError(
            "table.nested",
            f"Attribute {own[:60]} of {name} is relational: a table inside a cell. Give each of "
            "its values a column of its own.",
        )
    if word in NUMERIC:
        return Attribute(own, "numeric")
    if word in ("string", "date"):
        return Attribute(own, word)
    raise _unreadable(number, name)


def _nominal(inner: str) -> tuple[str, ...]:
    quote = "'" if "'" in inner else '"'
    row = next(csv.reader([inner], quotechar=quote, skipinitialspace=True, escapechar="\\"), [])
    return tuple(cell.strip() for cell in row)


def _copy_rows(source: IO[str], data: Path, line: int, name: str) -> str:
    """The rows without comments, and the mark that quotes cells in them."""
    quote = ""
    with data.open("w", encoding="utf-8", newline="") as out:
        for number, row in enumerate(source, start=line + 1):
            bare = row.strip()
            if bare.startswith("{"):
                raise TableError(
                    "table.sparse",
                    f"Line {number:,} of {name} is a sparse row; save the table with all values "
                    "in each row.",
                )
            if bare.startswith("%"):
                bare = ""  # an empty line, so that the others keep their numbers
            quote = quote or next((mark for mark in "'\"" if mark in bare), "")
            out.write(bare.replace(", ", ",") + "\n")
    return quote or '"'


def _refuse_undeclared(series: pl.Series, attribute: Attribute, name: str) -> None:
    values = series.drop_nulls()
    if attribute.kind == "nominal":
        wrong = values.filter(~values.str.strip_chars().is_in([*attribute.values]))
        what = "is not one of its declared values"
    elif attribute.kind == "numeric":
        wrong = values.filter(values.str.strip_chars().cast(pl.Float64, strict=False).is_null())
        what = "is not a number"
    else:
        return
    if wrong.len():
        raise TableError(
            "table.unreadable",
            f"Attribute {attribute.name[:60]} of {name} has the value {wrong[0][:60]!r}, which "
            f"{what}.",
        )
