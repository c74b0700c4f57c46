"""One file out of a gzip, zstd or zip archive, with an eye on how much comes out."""

from __future__ import annotations

import gzip
import io
import itertools
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import SMALL, Limits, in_words

CHUNK = 2**20
PIECE = 2**12  # compressed bytes at a time: they may become thousands of times as many
LARGEST_WINDOW = 2**27  # of zstd: what its decoder may allocate
KNOWN_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)")


def unpack(path: Path, kind: str, name: str, limits: Limits, scratch: Path) -> tuple[Path, str]:
    """The one file inside, written into `scratch`, and its name. Raises TableError."""
    inner = name.rpartition(".")[0] or name
    if kind == "zip":
        with open_zip(path, name) as archive:
            member = _only_member(archive, name)
            own = member.filename.rpartition("/")[2]
            with archive.open(member) as stream:
                return _written(stream, path, name, limits, scratch), own
    with _opened(path, kind) as stream:
        return _written(stream, path, name, limits, scratch), inner


def _opened(path: Path, kind: str) -> IO[bytes]:
    if kind == "zstd":
        return io.BufferedReader(_Zstd(path), CHUNK)
    packed: IO[bytes] = gzip.open(path)  # type: ignore[assignment]  # noqa: SIM115
    return packed


class _Zstd(io.RawIOBase):
    """Frames one after the other; unlike zstandard's own reader it minds a frame cut off."""

    def __init__(self, path: Path) -> None:
        import zstandard

        self.decompressor = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
        self.file, self.error = path.open("rb"), zstandard.ZstdError
        self.frame: Any = None
        self.ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.file.close()
        super().close()

    def _decompressed(self, piece: bytes) -> bytes:
        try:
            found: bytes = self.frame.decompress(piece)
        except self.error as error:
            raise EOFError("damaged") from error
        return found

    def readinto(self, buffer: Any) -> int:
        while not self.ready:
            piece = (self.frame.unused_data if self.frame and self.frame.eof else b"") or (
                self.file.read(PIECE)
            )
            if not piece:
                if self.frame and not self.frame.eof:
                    raise EOFError("the last frame is cut off")
                return 0
            if self.frame is None or self.frame.eof:
                self.frame = self.decompressor.decompressobj()
            self.ready = memoryview(self._decompressed(piece))
        given, self.ready = self.ready[: len(buffer)], self.ready[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def _written(stream: IO[bytes], path: Path, name: str, limits: Limits, scratch: Path) -> Path:
    out = Path(tempfile.mkstemp(dir=scratch, prefix="unpacked-")[1])
    with out.open("wb") as target:
        for chunk in _pieces(stream, path.stat().st_size, name, limits):
            target.write(chunk)
    return out


def _pieces(stream: IO[bytes], packed: int, name: str, limits: Limits) -> Iterator[bytes]:
    """What comes out, piece by piece, for as long as that is within bounds."""
    total = 0
    while chunk := _next(stream, name):
        total += len(chunk)
        refuse_bomb(total, packed, name, limits)
        yield chunk


def _next(stream: IO[bytes], name: str) -> bytes:
    try:
        return stream.read(CHUNK)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's fault
            raise
        raise damaged(name) from error


def damaged(name: str) -> TableError:
    return TableError("archive.damaged", f"{name} is damaged or cut off; send the file again.")


def refuse_bomb(unpacked: int, packed: int, name: str, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise TableError(
            "archive.bomb",
            f"{name} unpacks to more than {in_words(limits.unpacked_bytes)}; send a smaller table.",
        )
    if unpacked > max(SMALL, limits.ratio * packed):
        raise TableError(
            "archive.bomb",
            f"{name} unpacks to more than {limits.ratio:,} times its size, as no table does; "
            "send it as it is, without compression.",
        )


def open_zip(path: Path, name: str) -> zipfile.ZipFile:
    """An archive whose list of members is sound. Raises TableError."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged(name) from error
    for member in archive.infolist():
        _refuse_member(member, name)
    _refuse_overlap(archive, name)
    return archive


def _refuse_member(member: zipfile.ZipInfo, name: str) -> None:
    if _unsafe(member.orig_filename):
        raise TableError(
            "archive.unsafe_path",
            f"{name} holds a file whose name leads out of the archive; pack the table anew.",
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise TableError(
            "archive.unsafe_path", f"{name} holds a link instead of a file; pack the table anew."
        )
    if member.flag_bits & 0x1:
        raise TableError("archive.unsupported", f"{name} is encrypted; send it without a password.")
    if member.compress_type not in KNOWN_METHODS:
        raise TableError(
            "archive.unsupported",
            f"{name} is packed by a method that is not supported; use the usual one (deflate).",
        )


def _unsafe(member: str) -> bool:
    return (
        member.startswith(("/", "\\"))
        or ".." in re.split(r"[/\\]", member)
        or re.match(r"^[A-Za-z]:", member) is not None
        or "\x00" in member
    )


def _refuse_overlap(archive: zipfile.ZipFile, name: str) -> None:
    """Members that share their bytes are the trick of a bomb (zbsm); names twice, of a forgery."""
    members = sorted(archive.infolist(), key=lambda m: m.header_offset)
    for one, following in itertools.pairwise(members):
        if one.header_offset + one.compress_size > following.header_offset:
            raise TableError(
                "archive.bomb", f"{name} holds files that overlap, as no honest archive does."
            )
    if len({member.filename for member in members}) < len(members):
        raise TableError(
            "archive.duplicate_member", f"{name} holds two files of one name; pack it anew."
        )


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if not m.is_dir() and not _CLUTTER.search(m.filename)]
    if len(members) == 1:
        return members[0]
    if not members:
        raise TableError("archive.empty", f"{name} holds no file; pack the table into it.")
    raise TableError(
        "archive.too_many_members",
        f"{name} holds {len(members):,} files; send one table in an archive.",
    )


def refuse_large_members(archive: zipfile.ZipFile, path: Path, name: str, limits: Limits) -> None:
    """For readers that open an archive by themselves: what its list promises, all together.
    What lies there is caught by the limits of the process."""
    promised = sum(member.file_size for member in archive.infolist())
    refuse_bomb(promised, path.stat().st_size, name, limits)
