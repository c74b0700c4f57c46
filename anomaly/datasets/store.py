"""The place of files: named by their content, written beside their place and renamed into it."""

import errno
import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

LONGEST_NAME = 120


class TooLarge(Exception):
    """More bytes came than are allowed."""


class StorageFull(Exception):
    """The disk has no room left."""


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "datasets"


def place(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


def keep(chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Streams to a `.part` file, then renames it to the hash of its content.

    The same content has the same place, so keeping it twice changes nothing. Raises TooLarge after
    `limit` bytes and StorageFull; neither leaves a file behind.
    """
    root().mkdir(parents=True, exist_ok=True)
    part = root() / f"{secrets.token_hex(16)}.part"
    try:
        stored = _write(part, chunks, limit)
        target = place(stored.sha256)
        target.parent.mkdir(exist_ok=True)
        os.replace(part, target)
        sync_folder(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return stored


def _write(part: Path, chunks: Iterable[bytes], limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    with part.open("xb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return Stored(digest.hexdigest(), size)


def sync_folder(folder: Path) -> None:
    """Makes a rename in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clean_name(name: str) -> str:
    """A name fit to be shown and sent in a header: no folders, no control or direction marks."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem, dot, ending = " ".join(visible.split()).rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = stem + dot + ending, "", ""
    return (stem[: LONGEST_NAME - len(dot + ending)] + dot + ending).strip() or "table.csv"
