"""Files and the network taken away from this process for good, by Linux itself (Landlock).

https://docs.kernel.org/userspace-api/landlock.html. No privilege is needed and nothing can be given
back. Kernels before 5.13 and other systems do not have it; then `restrict` answers False.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, on every architecture
NO_NEW_PRIVILEGES = 38  # of prctl
VERSION, BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE
# All rights to files that a version of Landlock knows of; only what is listed here is governed.
KNOWN_RIGHTS = {1: 2**13 - 1, 2: 2**14 - 1, 3: 2**15 - 1}
TCP = 3  # bind and connect, from version 4 on
NETWORK_SINCE = 4


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc.syscall(CREATE_RULESET, None, 0, VERSION)))


def restrict(*, read: Iterable[Path], write: Iterable[Path]) -> bool:
    """From now on this process may read beneath `read`, read and write beneath `write`, and talk
    to nobody. Returns whether that holds."""
    known = version()
    if not known:
        return False
    every = KNOWN_RIGHTS[min(known, max(KNOWN_RIGHTS))]
    rules = _Ruleset(every, TCP if known >= NETWORK_SINCE else 0)
    size = ctypes.sizeof(rules) if known >= NETWORK_SINCE else 8
    handle = _libc.syscall(CREATE_RULESET, ctypes.byref(rules), size, 0)
    if handle < 0:
        return False
    for path in read:
        _allow(handle, path, EXECUTE | READ_FILE | READ_DIR)
    for path in write:
        _allow(handle, path, every)
    _libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = _libc.syscall(RESTRICT_SELF, handle, 0)
    os.close(handle)
    return bool(done == 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what does not exist need not be allowed
    allowed = rights if path.is_dir() else rights & FILE_RIGHTS
    rule = _Beneath(allowed, folder)
    _libc.syscall(ADD_RULE, ruleset, BENEATH, ctypes.byref(rule), 0)
    os.close(folder)
