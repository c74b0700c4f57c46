"""The place of files: named by their content, written beside their place and renamed into it."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from theme.disk import refuse_without_room, sync_folder, telling_of_a_full_disk

LONGEST_NAME = 120
SMALL = 8 * 2**20  # bytes that are hashed whenever they are asked for


class TooLarge(Exception):
    """More bytes came than are allowed."""


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "datasets"


def incoming() -> Path:
    """Where files lie that come in chunks, until they are whole."""
    return Path(settings.MEDIA_ROOT) / "uploads"


def place(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


def keep(chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Streams to a `.part` file, then renames it to the hash of its content.

    The same content has the same place, so keeping it twice changes nothing. Raises TooLarge after
    `limit` bytes and StorageFull; neither leaves a file behind.
    """
    part = root() / f"{secrets.token_hex(16)}.part"
    with telling_of_a_full_disk():
        refuse_without_room(root(), 0)
        try:
            stored = _write(part, chunks, limit)
            move(part, stored.sha256)
        finally:
            part.unlink(missing_ok=True)
    return stored


def move(path: Path, sha256: str) -> None:
    """A whole file to the place that its content names; the rename survives a power cut."""
    target = place(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)
    sync_folder(target.parent)


def is_whole(sha256: str, size: int) -> bool:
    """Is the file there, and what it was? A large one is believed by its size; `verify_store` reads
    all."""
    path = place(sha256)
    if not path.is_file() or path.stat().st_size != size:
        return False
    return size > SMALL or digest(path) == sha256


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def clean_name(name: str) -> str:
    """A name fit to be shown and sent in a header: no folders, no control or direction marks."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem, dot, ending = " ".join(visible.split()).rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = stem + dot + ending, "", ""
    return (stem[: LONGEST_NAME - len(dot + ending)] + dot + ending).strip() or "table.csv"
