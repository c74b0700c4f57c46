"""The encoding of a text file: found by its first bytes and by trying, never by guessing twice."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from pathlib import Path

from anomaly.detector.reading.errors import TableError

CHUNK = 2**20
UTF8, LATIN = "utf-8", "cp1252"
CHOICES = (UTF8, LATIN, "latin-1", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "shift_jis")
_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def as_utf8(path: Path, told: str, name: str, scratch: Path) -> tuple[Path, str]:
    """A file in UTF-8 with lines that end in a newline, and the encoding that it had.

    It is `path` itself where nothing has to be changed. Raises TableError.
    """
    with path.open("rb") as file:
        head = file.read(65536)
    encoding = told or marked(head) or _without_mark(path, head, name)
    old_mac = b"\r" in head and b"\n" not in head and "16" not in encoding and "32" not in encoding
    if encoding == UTF8 and not old_mac:
        _refuse_nul(path, name)
        return path, encoding
    out = Path(tempfile.mkstemp(dir=scratch, prefix="text-")[1])
    with out.open("w", encoding=UTF8, newline="") as target:
        for text in _decoded(path, encoding, name):
            target.write(text.replace("\r", "\n") if old_mac else text)
    _refuse_nul(out, name)
    return out, encoding


def marked(head: bytes) -> str:
    """The encoding that a byte-order mark tells, or an empty string."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")


def _without_mark(path: Path, head: bytes, name: str) -> str:
    zeros = [head[side:4096:2].count(0) for side in (0, 1)]
    if max(zeros) > max(8, 0.3 * min(len(head), 4096) / 2) and min(zeros) == 0:
        return "utf-16-le" if zeros[1] else "utf-16-be"
    broken = _first_broken_line(path)
    if not broken:
        return UTF8
    if _has_wide_characters(path):
        raise TableError(
            "text.encoding",
            f"Line {broken:,} of {name} is not in UTF-8, but other lines are; save the whole "
            "table in one encoding.",
        )
    return LATIN


def _first_broken_line(path: Path) -> int:
    """The first line that is not UTF-8; 0 if all are."""
    decoder, line, pending = codecs.getincrementaldecoder(UTF8)(), 1, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + chunk.count(b"\n", 0, max(0, error.start - pending))
            line, pending = line + chunk.count(b"\n"), len(decoder.getstate()[0])
    return line if pending else 0


def _has_wide_characters(path: Path) -> bool:
    """Is anything in the file sound UTF-8 of more than one byte? Then it is a mixture."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if not chunk.isascii() and not chunk.decode(UTF8, errors="ignore").isascii():
                return True
    return False


def _refuse_nul(path: Path, name: str) -> None:
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            place = chunk.find(b"\x00")
            if place >= 0:
                line += chunk.count(b"\n", 0, place)
                raise TableError(
                    "text.nul",
                    f"Line {line:,} of {name} holds a NUL byte, so this is no text file, or a "
                    "damaged one; save the table anew.",
                )
            line += chunk.count(b"\n")


def _decoded(path: Path, encoding: str, name: str) -> Iterator[str]:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        first = True
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                yield text.removeprefix("\ufeff") if first else text
                first = False
        yield decoder.decode(b"", final=True)
    except LookupError as error:
        raise TableError("text.encoding", f"{encoding} is not a known encoding.") from error
    except UnicodeDecodeError as error:
        if encoding == LATIN:
            raise _unknown(name) from error
        raise TableError(
            "text.encoding", f"{name} is not text in {encoding}; choose its real encoding."
        ) from error


def _unknown(name: str) -> TableError:
    return TableError(
        "text.encoding",
        f"{name} is in an encoding that could not be found; save the table in UTF-8, or say which "
        "encoding it has.",
    )
