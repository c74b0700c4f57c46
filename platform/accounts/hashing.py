"""A password is computed slowly and in much memory, on purpose. So that a rush of people who sign
in does not stop the site for those who work in it, only so many are computed at a time on one
machine; beyond that the answer is 503 and when to come again.

Argon2id with the least costs that OWASP recommends (Password Storage Cheat Sheet: 19 MiB, two
passes, one thread): a fiftieth of a second of a processor, where Django's PBKDF2 takes a quarter of
one, which two cores could not do twenty times a second (L4); who guesses needs the memory, too.

The places are locks on files, which the kernel gives back when a process dies.
"""

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.utils.translation import gettext as _

from theme.refusal import Refused

WAIT, LOOK = 0.5, 0.02  # seconds for a free place; between two looks


class LimitedArgon2(Argon2PasswordHasher):
    """PODIUM_HASHES at a time. Raises Refused ("server.full")."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1  # passes, KiB, threads

    def encode(self, password: str, salt: str) -> str:
        with _place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _place():
            return super().verify(password, encoded)


class LimitedPBKDF2(PBKDF2PasswordHasher):
    """For passwords of before: they are computed anew when their owners sign in."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with _place():
            return super().encode(password, salt, iterations)


@contextmanager
def _place() -> Iterator[None]:
    folder = settings.VAR / "hashing"
    folder.mkdir(parents=True, exist_ok=True)
    files = [(folder / str(n)).open("a") for n in range(settings.PODIUM_HASHES)]
    try:
        _take_one(files)
        yield
    finally:
        for file in files:
            file.close()  # which unlocks it


def _take_one(files: "Sequence[IO[str]]") -> None:
    deadline = time.monotonic() + WAIT
    while not any(_lock(file) for file in files):
        if time.monotonic() > deadline:
            raise Refused(
                _("Very many people sign in just now. Try again in a few seconds."),
                code="server.full",
            )
        time.sleep(LOOK)


def _lock(file: "IO[str]") -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
