"""A fresh process for files that nobody vouches for: no credentials, no network, hard limits, and
it dies with its parent. No Django here: the child imports this before anything else.

What each system can do of it: `docs/data.md`.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Protocol

from anomaly.datasets import landlock

GIB = 2**30

# All that a child learns of its surroundings: no database, broker or secret key among them.
KNOWN = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "OMP_NUM_THREADS",
    "PODIUM_FAULTS",
)


def start(
    module: str,
    *arguments: str,
    stdout: IO[bytes] | int,
    stderr: IO[bytes] | int,
    stdin: int = subprocess.DEVNULL,
    scratch: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """`python -m module arguments…` in a session of its own (exec, not fork: CUDA allows no other).

    `scratch` is the folder for its temporary files. The thread that calls this must stay until the
    child has ended: the child dies with it.
    """
    environment = {name: os.environ[name] for name in KNOWN if name in os.environ}
    environment.setdefault("OMP_NUM_THREADS", "1")
    environment["POLARS_MAX_THREADS"] = environment["OMP_NUM_THREADS"]
    environment["PODIUM_PARENT"] = str(os.getpid())
    if scratch:
        environment["TMPDIR"] = str(scratch)
    return subprocess.Popen(
        [sys.executable, "-I", "-m", module, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=environment,
        start_new_session=True,
    )


class Child(Protocol):
    """What `kill` needs of a process that leads a group."""

    @property
    def pid(self) -> int: ...

    def wait(self) -> int: ...


def kill(child: Child) -> None:
    """Ends the child and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def confine(*, memory: int | None, seconds: float, written: int, nice: int = 5) -> None:
    """Called by the child before it touches the file: limits on itself that it cannot lift again.

    `memory` is bytes of address space (None where CUDA needs to map more than there is), `seconds`
    of processor time, `written` bytes of any one file.
    """
    leave_the_network()
    die_with_parent()
    os.nice(nice)
    limits = {
        resource.RLIMIT_CPU: int(seconds) + 2,
        resource.RLIMIT_FSIZE: written,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if memory:
        limits[resource.RLIMIT_AS] = memory
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # At the soft limit of processor time Linux says why (SIGXCPU), at the hard one it kills.
        soft = max(1, value - 1) if kind == resource.RLIMIT_CPU else value
        resource.setrlimit(kind, (soft, value))


def leave_the_network() -> bool:
    """Into a network of its own with nothing in it, not even this machine's loopback.

    Root may do so at once, others in a user namespace of their own, where the system allows that.
    It must come first: a change of rights makes Linux forget whom to die with.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    new_user, new_network = 0x10000000, 0x40000000
    return any(libc.unshare(kinds) == 0 for kinds in (new_network, new_user | new_network))


def see_only(*, read: Iterable[Path], write: Iterable[Path]) -> bool:
    """Called by the child: of all files only these, and what Python itself needs."""
    return landlock.restrict(read=[*needed_by_python(), *read], write=write)


def needed_by_python() -> list[Path]:
    """Programs and libraries, our own among them; neither settings nor anybody's data."""
    installed = {sys.prefix, sys.base_prefix, *filter(_is_library, sys.path)}
    system = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime")
    about = (
        "/proc/meminfo",
        "/proc/cpuinfo",
        "/proc/self",
        "/sys/devices/system/cpu",
        "/sys/fs/cgroup",
    )
    own = Path(__file__).resolve().parents[1]
    paths = [
        Path(p).resolve() for p in (*installed, *system, *about, "/dev/null", "/sys/fs/cgroup")
    ]
    return [*paths, own]


def _is_library(folder: str) -> bool:
    return "site-packages" in folder or "dist-packages" in folder or "lib-dynload" in folder


def die_with_parent() -> None:
    """An orphan would work for nobody: Linux kills it at once, elsewhere it looks every second."""
    parent = int(os.environ["PODIUM_PARENT"])
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
