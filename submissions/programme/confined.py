"""A fresh process for a file that nobody vouches for: no credentials, hard limits, and it dies with
its parent (the pattern of anomaly.datasets.sandbox, which is a later room). No Django here: the
child imports this before anything else."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys

KNOWN = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


def call(module: str, *arguments: str, seconds: float) -> int:
    """`python -m module arguments…`; its exit status, or minus the signal that ended it."""
    environment = {name: os.environ[name] for name in KNOWN if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "PODIUM_PARENT": str(os.getpid())}
    child = subprocess.Popen(
        [sys.executable, "-I", "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGXCPU
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def limit(*, memory: int, seconds: float, written: int) -> None:
    """Called by the child before it opens the file; it cannot lift these limits again."""
    _die_with_parent()
    os.nice(5)
    limits = {
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_FSIZE: written,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: memory,
    }
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _die_with_parent() -> None:
    parent = int(os.environ["PODIUM_PARENT"])
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
