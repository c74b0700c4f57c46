"""From a path to a table: which kind of file it is, what is packed in it, and who reads it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly.detector.reading import formats, unpacking
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.progress import Tell, silent

if TYPE_CHECKING:
    import polars as pl

    from anomaly.detector.reading.tables import Table


def read_table(path: str | Path, *, filename: str | None = None) -> pl.DataFrame:
    """The rows alone. Raises TableError."""
    return read(path, filename=filename).frame


def read(
    path: str | Path,
    *,
    filename: str | None = None,
    told: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    tell: Tell = silent,
) -> Table:
    """A table, with how it was read and what was remarkable.

    `filename` is the name to use in messages when `path` is a stored copy. `told` overrules what
    would be found: delimiter, quote, encoding, decimal, header, dates, sheet. `tell` hears which
    step begins, and of how many columns it is done with. Raises TableError.
    """
    name = filename or Path(path).name
    with tempfile.TemporaryDirectory(prefix="podium-") as folder:
        scratch, bounds = Path(folder), limits or Limits()
        tell("unpacking" if formats.said_by(name)[1] else "parsing", 0, 0)
        try:
            plain, kind, packed = opened(Path(path), name, bounds, scratch)
        except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
            reason = (error.strerror or "unknown error").lower()
            raise TableError("table.unreadable", f"{name} cannot be opened: {reason}.") from error
        from anomaly.detector.reading import readers

        tell("parsing", 0, 0)
        table = readers.parse(plain, kind, name, told or {}, bounds, scratch, tell)
    table.reading = {"format": kind, "packed": packed, **table.reading}
    return table


def opened(path: Path, name: str, limits: Limits, scratch: Path) -> tuple[Path, str, str]:
    """The plain file, its kind, and what it was packed with. Raises TableError."""
    said, packed = formats.said_by(name)
    found = formats.found_in(path, name)
    if (packed and found != packed) or (found in ("gzip", "zstd") and not packed):
        raise formats.mismatch(found, packed or said, name)
    if packed:
        path, inner = unpacking.unpack(path, packed, name, limits, scratch)
        said = said or formats.said_inside(inner, name)
        found = formats.found_in(path, name)
        if found in formats.PACKED.values():
            raise formats.nested(name)
    return path, formats.agreed(found, said, name), packed
