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
from typing import IO, Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, PBKDF2PasswordHasher
from django.utils.translation import gettext as _

from theme.refusal import Refused

WAIT, LOOK = 0.5, 0.02  # seconds for a free place; between two looks


class LimitedArgon2(BasePasswordHasher):
    """PODIUM_HASHES at a time, written as Django's own Argon2 hasher writes it, which would need
    another library than the one that is here for passkeys. Raises Refused ("server.full")."""

    algorithm = "argon2"
    passes, kibibytes, threads = 2, 19 * 1024, 1

    def encode(self, password: str, salt: str) -> str:
        with _place():
            kept = Argon2id(
                salt=salt.encode(),
                length=32,
                iterations=self.passes,
                memory_cost=self.kibibytes,
                lanes=self.threads,
            )
            return self.algorithm + kept.derive_phc_encoded(password.encode())

    def verify(self, password: str, encoded: str) -> bool:
        try:
            with _place():
                Argon2id.verify_phc_encoded(password.encode(), _phc(encoded))
        except InvalidKey:
            return False
        return True

    def must_update(self, encoded: str) -> bool:
        costs = f"m={self.kibibytes},t={self.passes},p={self.threads}"
        return costs not in encoded.split("$")

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        algorithm, version, costs, *_secrets = _phc(encoded)[1:].split("$")
        return {"algorithm": algorithm, "version": version, "costs": costs}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Costs that differ take another time: until the owner signs in."""


def _phc(encoded: str) -> str:
    return encoded.removeprefix(LimitedArgon2.algorithm)


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
