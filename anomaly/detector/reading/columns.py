"""What a table holds, column by column: kinds, roles guessed, what is missing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.progress import Tell, silent

KINDS = ("numeric", "binary", "categorical", "datetime")
ROLES = ("feature", "label", "identifier", "ignore")
SAMPLE = 5  # rows shown

# Fewer rows than this and "all values differ" is chance, not the mark of an identifier.
FEW_ROWS = 12

_LABEL = re.compile(
    r"^(is_?)?(label|class|target|anomaly|anomalous|outlier|fraud|ground_?truth)$", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"(^|[_\s.-])(id|uuid|guid|index|row|key)$|^unnamed", re.IGNORECASE)


def profile(
    frame: pl.DataFrame,
    *,
    notes: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    tell: Tell = silent,
) -> dict[str, Any]:
    """What was understood of a table, ready for JSON: columns, roles guessed, missing, sample.

    `notes` are remarks on columns from reading them, `kinds` what a person said that they are.
    """
    told = kinds or {}
    columns = []
    for done, name in enumerate(frame.columns):
        tell("profiling", done, frame.width)
        columns.append(_column(frame.get_column(name), told.get(name, "")))
    for column in columns:
        column["note"] = " ".join(filter(None, [column["note"], (notes or {}).get(column["name"])]))
    _mark_copies(frame, columns)
    sample = [["" if v is None else str(v) for v in row] for row in frame.head(SAMPLE).iter_rows()]
    return {
        "rows": frame.height,
        "columns": columns,
        "missing": sum(column["missing"] for column in columns),
        "duplicates": frame.height - frame.hash_rows().n_unique(),
        "constant": sum(column["distinct"] == 1 for column in columns),
        "sample": sample,
    }


def retyped(frame: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """The columns as a person says that they are; a value that does not fit is missing."""
    changed = [_as_kind(frame.get_column(n), kind) for n, kind in kinds.items() if n in frame]
    return frame.with_columns(changed)


def _as_kind(series: pl.Series, kind: str) -> pl.Series:
    if kind in ("categorical", "binary"):
        return series if series.dtype == pl.Boolean else series.cast(pl.String)
    if kind == "numeric" and series.dtype in (pl.String, pl.Boolean):
        return series.cast(pl.Float64, strict=False)
    return series


def guessed_kinds(frame: pl.DataFrame) -> dict[str, str]:
    """The kinds of the columns that look like features, by name. Raises TableError if none do."""
    columns = profile(frame)["columns"]
    kinds = {c["name"]: c["kind"] for c in columns if c["role"] == "feature"}
    if not kinds:
        raise TableError("table.no_features", "No column of the table can be scored.")
    return kinds


def _column(series: pl.Series, told: str) -> dict[str, Any]:
    values = series.drop_nulls()
    if series.dtype.is_float():
        values = values.filter(values.is_not_nan())
    distinct = values.n_unique()
    kind, note = (told, "") if told else _kind(values, distinct)
    role, reason = _role(values, distinct, kind)
    low, high = _range(values, kind)
    return {
        "name": series.name,
        "kind": kind,
        "could_be": _possible_kinds(values, distinct, kind),
        "role": role,
        "dtype": str(series.dtype),
        "missing": series.len() - values.len(),
        "distinct": distinct,
        "minimum": low,
        "maximum": high,
        "examples": [str(v) for v in values.head(1000).unique(maintain_order=True).head(3)],
        "note": reason or note,
    }


def _possible_kinds(values: pl.Series, distinct: int, kind: str) -> list[str]:
    """What a person may say that the column is."""
    possible = {kind, "categorical"}
    if distinct == 2:
        possible.add("binary")
    if values.dtype.is_numeric():
        possible.add("numeric")
    elif values.dtype.is_temporal():
        possible.add("datetime")
    elif values.dtype == pl.String and values.len():
        numbers = values.head(1000).cast(pl.Float64, strict=False)
        if numbers.null_count() < 0.5 * numbers.len():
            possible.add("numeric")
    return [kind for kind in KINDS if kind in possible]


def _kind(values: pl.Series, distinct: int) -> tuple[str, str]:
    """The kind of a column, and a remark if the kind is a compromise."""
    if values.dtype.is_temporal():
        return "datetime", ""
    if distinct == 2 or values.dtype == pl.Boolean:
        return "binary", ""
    if values.dtype.is_numeric():
        return "numeric", ""
    if values.cast(pl.String).str.contains(r"^[+-]?0\d").any():  # 007 is a name
        return "categorical", ""
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
    if _LABEL.search(name):
        if distinct == 2:
            return "label", "The name says that it is the answer, so it is not scored."
        return (
            "ignore",
            f"The name says that it is the answer, but it has {distinct:,} values and an answer "
            "has two; choose what it is.",
        )
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
    if values.dtype.is_integer():
        return values.min(), values.max()
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
