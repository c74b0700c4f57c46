"""Columns and their types: how a row of a table becomes the numbers that the network sees."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

LINEAR, CLIP = 3.0, 10.0  # standard deviations; between them a value grows by its logarithm only
MOST_LEVELS = 50  # of a categorical column; rarer ones share the last level, as do unseen ones


@dataclass(frozen=True)
class Column:
    """What was learnt of one column. `levels` is empty for a numeric column."""

    name: str
    kind: str  # numeric, datetime, binary or categorical
    centre: float = 0.0
    scale: float = 1.0
    levels: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.levels) + 1 if self.levels else 1


class Columns:
    """The columns of a table in its own order, and in the order in which they are encoded."""

    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns
        # Numeric ones first, then categorical ones by size: the order of `model.Layout`.
        self.order = sorted(range(len(columns)), key=lambda j: (columns[j].width, j))
        self.gaussian = sum(not column.levels for column in columns)

    @classmethod
    def learn(cls, frame: pl.DataFrame, kinds: dict[str, str]) -> Columns:
        return cls([_learn(frame.get_column(name), kind) for name, kind in kinds.items()])

    @property
    def blocks(self) -> tuple[tuple[int, int], ...]:
        widths = [self.columns[j].width for j in self.order[self.gaussian :]]
        return tuple((widths.count(width), width) for width in sorted(set(widths)))

    def encode(self, frame: pl.DataFrame) -> NDArray[np.float32]:
        """(n, w), NaN where a value is missing."""
        parts = [
            _encode(frame.get_column(self.columns[j].name), self.columns[j]) for j in self.order
        ]
        return np.concatenate(parts, axis=1, dtype=np.float32)

    def to_columns(self, terms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Terms (n, c), in encoded order -> (n, d), in the table's order."""
        out = np.empty_like(terms)
        out[:, self.order] = terms
        return out

    def decode(self, encoded: Floats) -> list[list[str]]:
        """Expected values (n, w) -> text for people, (n, d)."""
        texts: dict[int, list[str]] = {}
        start = 0
        for j in self.order:
            end = start + self.columns[j].width
            texts[j] = _decode(encoded[:, start:end], self.columns[j])
            start = end
        return [list(row) for row in zip(*(texts[j] for j in range(len(texts))), strict=True)]

    def to_json(self) -> list[dict[str, Any]]:
        return [asdict(column) for column in self.columns]

    @classmethod
    def from_json(cls, columns: list[dict[str, Any]]) -> Columns:
        return cls([Column(**{**c, "levels": tuple(c["levels"])}) for c in columns])


def numeric_frame(x: Floats) -> pl.DataFrame:
    """An (n, d) array as a table of numeric columns."""
    return pl.DataFrame({f"x{j}": x[:, j] for j in range(x.shape[1])})


def _learn(series: pl.Series, kind: str) -> Column:
    if kind in ("binary", "categorical"):
        counts = series.drop_nulls().cast(pl.String).value_counts(sort=True, name="count")
        common = counts.filter((pl.col("count") > 1) | (counts.height <= 2))
        levels = common.get_column(series.name).head(MOST_LEVELS).sort().to_list()
        return Column(series.name, kind, levels=tuple(levels))
    centre, scale = _centre_and_scale(_numbers(series))
    return Column(series.name, kind, centre, scale)


def _centre_and_scale(values: Floats) -> tuple[float, float]:
    """Mean and standard deviation, after wild values are pulled in: one 1e300 must not decide."""
    values = np.clip(values[~np.isnan(values)], -1e100, 1e100)
    if len(values) == 0:
        return 0.0, 1.0
    low, high = np.quantile(values, [0.005, 0.995])
    if high > low:
        values = np.clip(values, low - 10 * (high - low), high + 10 * (high - low))
    centre, scale = float(values.mean()), float(values.std())
    return centre, scale if scale > 1e-12 * max(1.0, abs(centre)) else 1.0


def _numbers(series: pl.Series) -> NDArray[np.float64]:
    """A numeric or date column as floats (dates in seconds), NaN where missing."""
    if series.dtype == pl.Time:
        series = series.cast(pl.Int64) / 1e9
    elif series.dtype == pl.Duration:
        series = series.dt.total_microseconds() / 1e6
    elif series.dtype.is_temporal():
        series = series.cast(pl.Datetime("us")).cast(pl.Int64) / 1e6
    elif not series.dtype.is_numeric():
        series = series.cast(pl.String)
    numbers = series.cast(pl.Float64, strict=False).to_numpy()
    return np.asarray(numbers, dtype=np.float64)


def _encode(series: pl.Series, column: Column) -> NDArray[np.float32]:
    if not column.levels:
        z = (np.clip(_numbers(series), -1e100, 1e100) - column.centre) / column.scale
        return _compressed(z).astype(np.float32)[:, None]
    text = series.cast(pl.String)
    codes = text.replace_strict(
        list(column.levels),
        list(range(len(column.levels))),
        default=len(column.levels),  # rare or never seen
        return_dtype=pl.Int64,
    )
    one_hot: NDArray[np.float32] = np.eye(column.width, dtype=np.float32)[codes.fill_null(0)]
    one_hot[text.is_null().to_numpy()] = np.nan
    return one_hot


def _compressed(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Far values drawn in, their order kept: one of them must not outweigh all other columns."""
    beyond = np.log1p(np.maximum(np.abs(z) - LINEAR, 0.0))
    drawn_in = np.minimum(np.minimum(np.abs(z), LINEAR) + beyond, CLIP)
    return np.asarray(np.copysign(drawn_in, z))


def _stretched(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of `_compressed`, short of CLIP."""
    beyond = np.expm1(np.maximum(np.abs(z) - LINEAR, 0.0))
    return np.asarray(np.copysign(np.minimum(np.abs(z), LINEAR) + beyond, z))


def _decode(encoded: Floats, column: Column) -> list[str]:
    if column.levels:
        return [(*column.levels, "another value")[code] for code in encoded.argmax(axis=1)]
    values = _stretched(encoded[:, 0].astype(np.float64)) * column.scale + column.centre
    if column.kind == "datetime":
        return [str(moment) for moment in pl.Series(values * 1e6).cast(pl.Datetime("us"))]
    return [f"{value:.4g}" for value in values]
