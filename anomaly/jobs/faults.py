"""Named points where a test can make things go wrong; without PODIUM_FAULTS each does nothing.

PODIUM_FAULTS="job.mid_fit=sleep:30;job.start@poison.csv=segv" — the part after @ limits a fault to
one subject, such as a file name. No Django here: children hit these points too.
"""

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def hit(point: str, subject: str = "") -> None:
    for action in _at(point, subject):
        _do(*action.partition(":")[::2])


def value(point: str) -> str:
    """What is set there, for a point that is no action: empty without PODIUM_FAULTS."""
    return next(_at(point, ""), "")


def _at(point: str, subject: str) -> Iterator[str]:
    for fault in os.environ.get("PODIUM_FAULTS", "").split(";"):
        name, _, action = fault.partition("=")
        where, _, only = name.partition("@")
        if where == point and (not only or only == subject):
            yield action


def _do(action: str, argument: str) -> None:
    if action not in ACTIONS:
        raise ValueError(f"PODIUM_FAULTS names an unknown action: {action!r}.")
    ACTIONS[action](argument)


def _kill(number: int) -> None:
    os.kill(os.getpid(), number)


def _spin(_argument: str) -> None:
    while True:
        pass


def _flood(_argument: str) -> None:
    while True:
        os.write(1, b"x" * 65536)


def _full(while_exists: str) -> None:
    """The disk is full: always, or as long as there is a file of this name."""
    if not while_exists or Path(while_exists).exists():
        raise OSError(errno.ENOSPC, "No space left on device")


def _barrier(path: str) -> None:
    """Says that it is there by a file, then waits for another: `path`.open."""
    Path(path).touch()
    while not Path(f"{path}.open").exists():
        time.sleep(0.02)


def _memory(_argument: str) -> None:
    raise MemoryError


def _gpu_memory(on: str) -> None:
    """What torch raises when a GPU's memory runs out."""
    import torch

    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _device(_argument: str) -> None:
    raise RuntimeError("CUDA error: device-side assert triggered")


ACTIONS: dict[str, Callable[[str], None]] = {
    "sleep": lambda seconds: time.sleep(float(seconds)),
    "kill": lambda _argument: _kill(signal.SIGKILL),
    "stop": lambda _argument: _kill(signal.SIGSTOP),
    "segv": lambda _argument: _kill(signal.SIGSEGV),
    "spin": _spin,
    "flood": _flood,
    "full": _full,
    "barrier": _barrier,
    "memory": _memory,
    "gpu_memory": _gpu_memory,
    "device": _device,
}
