"""Where files of submissions lie: under the hash of their bytes, whole or not at all.

Bytes are written beside their place, as `<hash>.<chance>.part`, and then given their place by a
link. The part goes when the row that names them is committed. So whatever kills the server leaves
a part, and by its name `sweep` finds what it left (F30, F31).
"""

import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from submissions.entries.models import Attachment, SubmissionVersion
from theme import disk
from theme.refusal import Refused

DEAD: Final = 3600  # seconds; a request that keeps a file ends long before


def root() -> Path:
    return Path(default_storage.path("entries"))


def place(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


def keep(sha256: str, content: bytes) -> None:
    """Inside the transaction that makes the row. Raises Refused where the storage is full (F34)."""
    try:
        with disk.telling_of_a_full_disk():
            part = _write(sha256, content)
    except disk.StorageFull:
        raise Refused(
            _(
                "The storage is full, so the file was not kept; your submission is safe. "
                "Please tell the organizers."
            ),
            code="storage.full",
        ) from None
    transaction.on_commit(lambda: part.unlink(missing_ok=True))


def _write(sha256: str, content: bytes) -> Path:
    disk.refuse_without_room(root(), len(content))
    target = place(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = root() / f"{sha256}.{secrets.token_hex(8)}.part"
    try:
        with part.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        _link(part, target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _link(part: Path, target: Path) -> None:
    """What has a place already is whole: only whole parts are given one."""
    if not target.exists():
        os.link(part, beside := part.with_suffix(".link"))
        os.replace(beside, target)
        disk.sync_folder(target.parent)


def sweep() -> None:
    """Takes away parts that nobody will finish, and what they gave a place without a row."""
    for part in left_behind():
        sha256 = part.name.partition(".")[0]
        if not _is_named(sha256):
            place(sha256).unlink(missing_ok=True)
        part.unlink(missing_ok=True)


def left_behind() -> Iterator[Path]:
    for part in [*root().glob("*.part"), *root().glob("*.link")]:
        try:
            age = time.time() - part.stat().st_mtime
        except FileNotFoundError:
            continue  # its request has ended meanwhile
        if age > DEAD:
            yield part


def _is_named(sha256: str) -> bool:
    """By a file that is attached, or by a version, which keeps what it named for ever."""
    if Attachment.objects.filter(sha256=sha256).exists():
        return True
    told = SubmissionVersion.objects.annotate(told=Cast("content", TextField()))
    return told.filter(told__contains=sha256).exists()
