"""The processes of an embedded site: started together, watched, stopped together."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

STOP_SECONDS = 30
CALM_SECONDS = 5


def free_port(wanted: int) -> int:
    """`wanted`, or the next port of this machine that nobody listens on."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"ports {wanted} to {wanted + 99} are all taken")


def _die_with_parent() -> None:
    """If the parent is killed so hard that it cannot stop its children, they end, too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Process:
    """One child; its own session, so that Ctrl-C reaches only the parent, who stops it in order."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.child = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    @property
    def ended(self) -> bool:
        return self.child is not None and self.child.poll() is not None

    def stop(self, how: signal.Signals) -> None:
        if self.child is not None and not self.ended:
            self.child.send_signal(how)

    def end(self) -> None:
        """Hard, with all that it started: a web server's own workers are in its session."""
        if self.child is None or self.ended:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()


class Together:
    """Starts processes, starts again what ends by itself, and stops all."""

    def __init__(self, processes: list[Process], say: Callable[[str], None]) -> None:
        self.processes, self.say = processes, say

    def __enter__(self) -> "Together":
        try:
            for process in self.processes:
                process.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Asks all to end, waits, then ends those that did not listen. Whoever has no patience for
        that (a second Ctrl-C) leaves none of them behind either."""
        try:
            for process in reversed(self.processes):
                process.stop(signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while not all(p.ended for p in self.processes) and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            for process in self.processes:
                process.end()

    def mend(self) -> None:
        """Starts again what has ended; not at once if it has only just started."""
        for process in self.processes:
            if process.ended and time.monotonic() - process.started > CALM_SECONDS:
                self.say(f"The {process.name} ended unexpectedly; starting it again.")
                process.start()
