"""NumPy's files. A header is read and multiplied out before anything is allocated; objects, which
would be pickles, are never loaded."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
from numpy.lib import format as npy
from numpy.typing import NDArray

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits, in_words
from anomaly.detector.reading.tables import Table, Told, damaged, distinct_names, refuse_size
from anomaly.detector.reading.unpacking import open_zip, refuse_large_members

LONGEST_HEADER = 65536  # bytes
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
NUMBERS = "biuf"
TEXT_OR_TIME = "USMm"

Array = NDArray[Any]


@dataclass(frozen=True)
class Header:
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read_npy(path: Path, name: str, _told: Told, limits: Limits, _scratch: Path) -> Table:
    with path.open("rb") as file:
        array = _load(file, path.stat().st_size, "", name, limits)
    return _table({"": array}, name, limits)


def read_npz(path: Path, name: str, _told: Told, limits: Limits, _scratch: Path) -> Table:
    """Its arrays side by side: each one column, or as many as its second axis is long."""
    arrays: dict[str, Array] = {}
    with open_zip(path, name) as archive:
        refuse_large_members(archive, path, name, limits)
        for member in archive.infolist():
            key = _key(member, name)
            try:
                with archive.open(member) as file:
                    arrays[key] = _load(file, member.file_size, key, name, limits)
            except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
                raise damaged(name) from error
    if not arrays:
        raise TableError("array.none", f"{name} holds no array; save the table into it.")
    return _table(arrays, name, limits)


def _key(member: zipfile.ZipInfo, name: str) -> str:
    if not member.filename.endswith(".npy"):
        raise TableError(
            "array.not_numeric",
            f"{name} holds {member.filename[:60]}, which is no array; save arrays only.",
        )
    return member.filename.removesuffix(".npy")


def _load(file: IO[bytes], size: int, key: str, name: str, limits: Limits) -> Array:
    what = f"Array {key[:60]} of {name}" if key else name
    header, length = _header(file, what)
    _refuse_dtype(header.dtype, what)
    _refuse_shape(header.shape, what)
    if header.size > limits.unpacked_bytes:
        raise TableError(
            "array.too_large",
            f"{what} says that it has {_shape(header.shape)} values, which are more than "
            f"{in_words(limits.unpacked_bytes)}; send a smaller table.",
        )
    if header.size > size - length:
        raise damaged(name)
    file.seek(0)
    try:
        return np.asarray(npy.read_array(file, allow_pickle=False, max_header_size=LONGEST_HEADER))
    except ValueError as error:
        raise damaged(name) from error


def _header(file: IO[bytes], what: str) -> tuple[Header, int]:
    try:
        version = npy.read_magic(file)
        read = READERS.get(version, npy.read_array_header_2_0)
        shape, _fortran, dtype = read(file, max_header_size=LONGEST_HEADER)
    except (ValueError, EOFError, MemoryError, TypeError, SyntaxError) as error:
        raise TableError(
            "file.damaged", f"{what} has a broken header; save the array again."
        ) from error
    return Header(shape, dtype), file.tell()


def _refuse_dtype(dtype: np.dtype[Any], what: str) -> None:
    if dtype.hasobject:
        raise TableError(
            "array.pickle_refused",
            f"{what} holds Python objects, which could run anything; save numbers or text.",
        )
    if dtype.kind not in NUMBERS + TEXT_OR_TIME or dtype.itemsize > 8 * 2**10:
        kind = {"c": "complex numbers", "V": "structured records"}.get(dtype.kind, str(dtype))
        raise TableError(
            "array.dtype",
            f"{what} holds {kind[:60]}; save real numbers, one column for each field.",
        )


def _refuse_shape(shape: tuple[int, ...], what: str) -> None:
    if any(length < 0 for length in shape):
        raise TableError("array.shape", f"{what} has a broken header; save the array again.")
    if len(shape) not in (1, 2):
        raise TableError(
            "array.shape",
            f"{what} has {len(shape)} dimensions; a table has two: rows and columns.",
        )
    if 0 in shape:
        raise TableError("table.no_rows", f"{what} is empty; it has no values.")


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{length:,}" for length in shape)


def _table(arrays: dict[str, Array], name: str, limits: Limits) -> Table:
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) > 1:
        told = ", ".join(f"{key[:60]} {len(array):,}" for key, array in [*arrays.items()][:5])
        raise TableError(
            "array.lengths",
            f"The arrays of {name} have different numbers of rows ({told}); save one table.",
        )
    refuse_size(lengths.pop(), sum(_width(array) for array in arrays.values()), name, limits)
    columns = {label: column for key, a in arrays.items() for label, column in _columns(key, a)}
    names, remarks = distinct_names([*columns], limits, name)
    frame = pl.DataFrame([pl.Series(n, c) for n, c in zip(names, columns.values(), strict=True)])
    shapes = {key or "array": _shape(array.shape) for key, array in arrays.items()}
    return Table(frame, {"arrays": ", ".join(f"{k} {v}" for k, v in shapes.items())}, remarks)


def _width(array: Array) -> int:
    return 1 if array.ndim == 1 else int(array.shape[1])


def _columns(key: str, array: Array) -> list[tuple[str, Array]]:
    plain = _plain(array)
    if plain.ndim == 1:
        return [(key or "column_1", plain)]
    stem = f"{key}_" if key else "column_"
    return [(f"{stem}{j + 1}", np.ascontiguousarray(plain[:, j])) for j in range(plain.shape[1])]


def _plain(array: Array) -> Array:
    """In the machine's byte order, and in a type that a table knows."""
    if array.dtype.kind == "S":
        return np.char.decode(array, "utf-8", "replace")
    if array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8):
        return array.astype(np.float64 if array.dtype.itemsize > 8 else np.float32)
    if array.dtype.kind in "Mm":
        return array.astype(f"{array.dtype.kind}8[us]")
    return array.astype(array.dtype.newbyteorder("="), copy=False)
