"""What every room that keeps files asks of the disk: room, and names that survive a power cut."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class StorageFull(Exception):
    """The disk has no room left."""


@contextmanager
def telling_of_a_full_disk() -> Iterator[None]:
    """Turns what the system says of a full disk into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise


def refuse_without_room(folder: Path, size: int) -> None:
    """Some room is kept for everything that is not a file of somebody's: the database above all.

    Raises StorageFull.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + settings.PODIUM_RESERVE_BYTES:
        raise StorageFull


def sync_folder(folder: Path) -> None:
    """Makes a rename in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
