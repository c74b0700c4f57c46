"""Reading tables that nobody vouches for, without torch and without surprises.

A file becomes a polars DataFrame or a `TableError` whose text is one sentence for people.
`profile` says what was understood: columns, kinds, roles, missing values.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

MISSING = ["", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "None", "none", "?", "-"]
DELIMITERS = ",;\t|"
KINDS = ("numeric", "binary", "categorical", "datetime")
ROLES = ("feature", "label", "identifier", "ignore")

# Fewer rows than this and "all values differ" is chance, not the mark of an identifier.
FEW_ROWS = 12

_LABEL = re.compile(
    r"^(is_?)?(label|class|target|anomaly|anomalous|outlier|fraud|ground_?truth)$", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"(^|[_\s.-])(id|uuid|guid|index|row|key)$|^unnamed", re.IGNORECASE)
_FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


class TableError(ValueError):
    """A table that cannot be read or scored. `code` is for programs, `str()` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def read_table(path: str | Path, *, filename: str | None = None) -> pl.DataFrame:
    """Read a CSV file; delimiter, encoding, header and decimal comma are found.

    `filename` is the name to use in messages when `path` is a stored copy.
    Raises TableError.
    """
    name = filename or Path(path).name
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise TableError("table.unreadable", f"{name} cannot be opened: {reason}.") from error
    text = _decode(raw, name)
    separator = _delimiter(text)
    frame = _parse(text, separator, name)
    if frame.height == 0:
        raise TableError("table.no_rows", f"{name} has a header but no rows below it.")
    return frame


def _decode(raw: bytes, name: str) -> str:
    if not raw.strip():
        raise TableError("table.empty", f"{name} is empty.")
    for magic, what in _FOREIGN.items():
        if raw.startswith(magic):
            raise TableError("table.not_csv", f"{name} is {what}; save the table as CSV first.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\x00" in raw[:65536]:
        raise TableError(
            "table.not_csv", f"{name} is not a text file; save the table as CSV first."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the same number of cells, at least two."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:20]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, votes = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (votes, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=agreement)


def _parse(text: str, separator: str, name: str) -> pl.DataFrame:
    names, has_header = _header(text, separator)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()),
            separator=separator,
            has_header=has_header,
            null_values=MISSING,
            infer_schema_length=None,
            try_parse_dates=True,
            decimal_comma=_decimal_comma(text, separator),
        )
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        raise _why_unparsable(text, separator, name) from error
    frame.columns = names[: frame.width]
    if frame.width == 1:
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))  # blank lines are not rows


def _header(text: str, separator: str) -> tuple[list[str], bool]:
    """Unique column names, and whether the first line holds them (it does not if all numbers)."""
    first = next(row for row in csv.reader(io.StringIO(text), delimiter=separator) if row)
    if all(_is_number(cell) for cell in first):
        return [f"column_{i}" for i in range(1, len(first) + 1)], False
    names: list[str] = []
    for i, cell in enumerate(first, start=1):
        name = base = cell.strip() or f"column_{i}"
        copy = 2
        while name in names:
            name, copy = f"{base}_{copy}", copy + 1
        names.append(name)
    return names, True


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _decimal_comma(text: str, separator: str) -> bool:
    if separator == ",":
        return False
    head = text[:65536]
    commas, points = (
        re.findall(rf"(?<![\d.,])-?\d+{mark}\d+(?![\d.,])", head) for mark in (",", r"\.")
    )
    return len(commas) > len(points)


def _why_unparsable(text: str, separator: str, name: str) -> TableError:
    """Say where the first row stands that does not fit the header."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        width = len(next(reader))
        for row in reader:
            if len(row) > width:
                return TableError(
                    "table.ragged",
                    f"Line {reader.line_num} of {name} has {len(row)} cells, but the first line "
                    f"has {width}; quote cells that hold the delimiter {separator!r}.",
                )
    except csv.Error as error:
        return TableError("table.unparsable", f"Line {reader.line_num} of {name}: {error}.")
    return TableError("table.unparsable", f"{name} is not a table that can be read as CSV.")


def profile(frame: pl.DataFrame) -> dict[str, Any]:
    """What was understood of a table, ready for JSON: columns, roles guessed, missing, sample."""
    columns = [_column(frame.get_column(name)) for name in frame.columns]
    _mark_copies(frame, columns)
    sample = [["" if v is None else str(v) for v in row] for row in frame.head(5).iter_rows()]
    return {
        "rows": frame.height,
        "columns": columns,
        "missing": sum(column["missing"] for column in columns),
        "duplicates": frame.height - frame.n_unique(),
        "sample": sample,
    }


def guessed_kinds(frame: pl.DataFrame) -> dict[str, str]:
    """The kinds of the columns that look like features, by name. Raises TableError if none do."""
    columns = profile(frame)["columns"]
    kinds = {c["name"]: c["kind"] for c in columns if c["role"] == "feature"}
    if not kinds:
        raise TableError("table.no_features", "No column of the table can be scored.")
    return kinds


def _column(series: pl.Series) -> dict[str, Any]:
    values = series.drop_nulls()
    if series.dtype.is_float():
        values = values.filter(values.is_not_nan())
    distinct = values.n_unique()
    kind, note = _kind(values, distinct)
    role, reason = _role(values, distinct, kind)
    low, high = _range(values, kind)
    return {
        "name": series.name,
        "kind": kind,
        "role": role,
        "dtype": str(series.dtype),
        "missing": series.len() - values.len(),
        "distinct": distinct,
        "minimum": low,
        "maximum": high,
        "examples": [str(v) for v in values.head(1000).unique(maintain_order=True).head(3)],
        "note": reason or note,
    }


def _kind(values: pl.Series, distinct: int) -> tuple[str, str]:
    """The kind of a column, and a remark if the kind is a compromise."""
    if values.dtype.is_temporal():
        return "datetime", ""
    if distinct == 2 or values.dtype == pl.Boolean:
        return "binary", ""
    if values.dtype.is_numeric():
        return "numeric", ""
    numbers = values.cast(pl.String).cast(pl.Float64, strict=False)
    broken = values.filter(numbers.is_null())
    if values.len() and broken.len() <= 0.05 * values.len():
        return "numeric", (
            f"{broken.len()} values are not numbers and count as missing, "
            f"for example {broken[0]!r}."
            if broken.len()
            else ""
        )
    return "categorical", ""


def _role(values: pl.Series, distinct: int, kind: str) -> tuple[str, str]:
    """The role guessed for a column, and why if it is not a feature."""
    n, name = values.len(), values.name
    if n == 0:
        return "ignore", "Every value is missing."
    if distinct == 1:
        return "ignore", "Constant: the same value in every row says nothing."
    if _LABEL.search(name) and distinct <= 2:
        return "label", "The name says that it is the answer, so it is not scored."
    if n >= FEW_ROWS and distinct == n and _counts_rows(values, kind):
        return (
            "identifier",
            "A different value in every row: it names rows, it does not describe them.",
        )
    if n >= FEW_ROWS and kind == "categorical" and distinct > 0.5 * n:
        return "ignore", "Free text: most values occur only once."
    return "feature", ""


def _counts_rows(values: pl.Series, kind: str) -> bool:
    if kind == "categorical":
        return True
    if not values.dtype.is_integer():
        return False
    return bool(_IDENTIFIER.search(values.name)) or (
        int(values.max()) - int(values.min()) == values.len() - 1  # type: ignore[arg-type]
    )


def _range(values: pl.Series, kind: str) -> tuple[Any, Any]:
    if kind == "datetime" and values.len():
        return str(values.min()), str(values.max())
    if not values.dtype.is_numeric():
        return None, None
    finite = values.cast(pl.Float64).filter(values.is_finite())
    return finite.min(), finite.max()


def _mark_copies(frame: pl.DataFrame, columns: list[dict[str, Any]]) -> None:
    """A column equal to an earlier feature would count twice, so it is left out."""
    first: dict[bytes, str] = {}
    for column in columns:
        if column["role"] != "feature":
            continue
        series = frame.get_column(column["name"])
        digest = hashlib.sha256(series.hash(seed=0).to_numpy().tobytes()).digest()
        if digest in first:
            column["role"], column["note"] = "ignore", f"The same values as {first[digest]}."
        first.setdefault(digest, column["name"])
