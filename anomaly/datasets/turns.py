"""Not all readers at once: each may use half of the machine's memory."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from anomaly.datasets import store

PATIENCE = 1.0  # seconds; a page waits so long for its turn
LOOK = 0.1


@contextmanager
def turn(patience: float = PATIENCE) -> Iterator[None]:
    """One of PODIUM_READERS places on this machine; a process that dies gives its place back.

    Raises OSError (EAGAIN) when none is free for longer than `patience`, in seconds.
    """
    store.incoming().mkdir(parents=True, exist_ok=True)
    give_up = time.monotonic() + patience
    while (place := _free_place()) is None:
        if time.monotonic() > give_up:
            raise OSError(errno.EAGAIN, "too many tables are being read")
        time.sleep(LOOK)
    try:
        yield
    finally:
        os.close(place)


def _free_place() -> int | None:
    for number in range(settings.PODIUM_READERS):
        place = os.open(store.incoming() / f"reader-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(place)
        else:
            return place
    return None
