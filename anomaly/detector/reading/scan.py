"""One pass over the bytes of a text table: is every line as wide as the first?

Nothing is parsed here. Newlines, delimiters and quotation marks are counted by numpy, megabytes at
a time, so that a table that does not fit is refused before any parser sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits, in_words
from anomaly.detector.reading.tables import refuse_size

CHUNK = 4 * 2**20
NEWLINE, RETURN = 10, 13

Places = NDArray[np.intp]
Bytes = NDArray[np.uint8]


@dataclass
class Scan:
    """What is carried from one chunk to the next."""

    separator: int
    quote: int | None
    width: int
    name: str
    limits: Limits
    expected: str  # who said how wide a row is
    lines: int = 0  # physical ones, that have ended
    rows: int = 0  # lines that hold something, quoted newlines not counted
    quoted: bool = False  # inside quotation marks
    opened: int = 0  # the physical line in which they were opened last
    cells: int = 0  # delimiters of the row that goes on
    length: int = 0  # bytes of the row that goes on

    def take(self, chunk: bytes) -> None:
        data = np.frombuffer(chunk, dtype=np.uint8)
        newline, separator = data == NEWLINE, data == self.separator
        every = np.flatnonzero(newline)
        if self.quote is not None:
            inside = self._inside(data, every)
            if inside is not None:
                newline, separator = newline & ~inside, separator & ~inside
        self._count(np.flatnonzero(newline), np.flatnonzero(separator), every, data)
        self.lines += len(every)

    def _inside(self, data: Bytes, every: Places) -> NDArray[np.bool_] | None:
        """Which bytes stand between quotation marks; doubled ones cancel each other out."""
        marks = data == self.quote
        number = int(np.count_nonzero(marks))
        if not number and not self.quoted:
            return None
        inside = (np.cumsum(marks, dtype=np.int64) + self.quoted) % 2 == 1
        if number:
            last = int(np.flatnonzero(marks)[-1])
            self.opened = self.lines + int(np.searchsorted(every, last)) + 1
        self.quoted = bool(inside[-1])
        return np.asarray(inside)

    def _count(self, ends: Places, separators: Places, every: Places, data: Bytes) -> None:
        before = np.searchsorted(separators, ends)
        counts = np.diff(before, prepend=0)
        lengths = np.diff(ends, prepend=-1) - 1
        if len(ends):
            counts[0] += self.cells
            lengths[0] += self.length
            self.cells = len(separators) - int(before[-1])
            self.length = len(data) - int(ends[-1]) - 1
        else:
            self.cells += len(separators)
            self.length += len(data)
        longest = max(int(lengths.max(initial=0)), self.length)
        if longest > self.limits.line_bytes:
            self._too_long()
        returned = (lengths == 1) & (data[np.maximum(ends, 1) - 1] == RETURN)
        blank = (lengths == 0) | returned
        wrong = np.flatnonzero((counts != self.width - 1) & ~blank)
        if len(wrong):
            line = self.lines + int(np.searchsorted(every, ends[wrong[0]])) + 1
            raise self._ragged(line, int(counts[wrong[0]]) + 1)
        self.rows += len(ends) - int(np.count_nonzero(blank))

    def finish(self) -> None:
        if self.quoted:
            raise TableError(
                "table.quotes",
                f"A quotation mark in line {self.opened} of {self.name} is opened and never "
                "closed; close it, double it, or choose that cells are not quoted.",
            )
        if self.length or self.cells:  # a last line without an end
            if self.cells != self.width - 1:
                raise self._ragged(self.lines + 1, self.cells + 1)
            self.rows += 1

    def _too_long(self) -> None:
        raise TableError(
            "table.line_too_long",
            f"A line of {self.name} is longer than {in_words(self.limits.line_bytes)}; a table "
            "has one row in a line.",
        )

    def _ragged(self, line: int, cells: int) -> TableError:
        return TableError(
            "table.ragged",
            f"Line {line:,} of {self.name} has {_cells(cells)}, but {self.expected} "
            f"{self.width:,}; quote cells that hold the delimiter {chr(self.separator)!r}.",
        )


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number:,} cells"


def scan(
    path: Path,
    separator: str,
    quote: str,
    width: int,
    name: str,
    limits: Limits,
    *,
    expected: str = "the first line has",
    lines: int = 0,
) -> int:
    """The number of rows, a header among them. `lines` have gone before. Raises TableError."""
    mark = ord(quote) if quote else None
    found = Scan(ord(separator), mark, width, name, limits, expected, lines)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.take(chunk)
            if found.rows > limits.rows + 1:
                refuse_size(found.rows - 1, width, name, limits)
    found.finish()
    return found.rows
