"""Where an interval is drawn: numbers for an SVG that is WIDTH units wide."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from judging.awards.standings import Standing

WIDTH, MARGIN = 240, 8


class Axis(NamedTuple):
    low: float
    high: float


class Marks(NamedTuple):
    """In units of the drawing; `raw` is None where there is no review."""

    low: int
    high: int
    mean: int
    raw: int | None


def axis(rows: Sequence[Standing]) -> Axis:
    """Whole numbers around all intervals of the track."""
    low = math.floor(min((row.low for row in rows), default=0))
    high = math.ceil(max((row.high for row in rows), default=1))
    return Axis(low, max(high, low + 1))


def place_on(limits: Axis, row: Standing) -> Marks:
    def at(value: float) -> int:
        share = (value - limits.low) / (limits.high - limits.low)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN))

    return Marks(at(row.low), at(row.high), at(row.mean), None if row.raw is None else at(row.raw))
