"""Where the children that score are born: `python -m anomaly.jobs.nursery`.

To load torch takes a processor three times as long as to score a small table. So each worker keeps
one process that has loaded everything and forks a child for each attempt. It opens no table, never
touches the GPU (CUDA begins in the child, and ends with it) and has no credentials. It starts with
the first job and ends when it was idle for long; it dies with the thread that started
it, and its child with it. No Django here.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import traceback
from pathlib import Path
from typing import IO, Any

from anomaly.datasets import sandbox
from anomaly.jobs import child, faults

IDLE = 600.0  # seconds without an order until the memory is given back
LONGEST = 65536  # bytes of an order
NUMBER = struct.Struct("i")


class Infant:
    """A child that a nursery forks; to the supervisor as good as a `subprocess.Popen`.

    Until it is born (the first has to wait for torch) its place is taken by the nursery itself.
    """

    def __init__(self, nursery: int, stdout: IO[bytes], desk: socket.socket) -> None:
        self.stdout, self._desk = stdout, desk
        self._nursery = self._pid = nursery
        self.returncode: int | None = None

    @property
    def pid(self) -> int:
        self.poll()
        return self._pid

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, a signal as a negative number. Raises subprocess.TimeoutExpired."""
        while self.returncode is None:
            told = self._hear(timeout)
            if told is None:  # with the nursery its child dies
                self.returncode = -signal.SIGKILL
            elif self._pid == self._nursery:
                self._pid = told
            else:
                self.returncode = told
        return self.returncode

    def _hear(self, timeout: float | None) -> int | None:
        self._desk.settimeout(timeout)
        try:
            told = self._desk.recv(NUMBER.size)
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired("child", timeout or 0) from None
        except OSError:
            return None
        return NUMBER.unpack(told)[0] if told else None

    def terminate(self) -> None:
        """The unborn need no time to say what they were doing."""
        if self.poll() is None and self._pid != self._nursery:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGTERM)


Child = Infant | subprocess.Popen[bytes]


class Nursery:
    """A worker's end of it. One child at a time."""

    def __init__(self) -> None:
        self._desk, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = sandbox.start(
                "anomaly.jobs.nursery",
                stdin=there.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._last: Infant | None = None

    def close(self) -> None:
        self._desk.close()
        sandbox.kill(self._process)

    def bear(self, order: Path, log: IO[bytes]) -> Infant:
        """A new child that works on the order. Raises OSError where the nursery has ended."""
        if self._last and self._last.returncode is None:
            sandbox.kill(self._last)  # else its last word would be heard as the next one's first
        self._last = self._ask(order, log)
        return self._last

    def _ask(self, order: Path, log: IO[bytes]) -> Infant:
        said = {"order": str(order), "faults": os.environ.get("PODIUM_FAULTS", "")}
        mouth, ear = os.pipe()
        try:
            self._desk.settimeout(None)
            socket.send_fds(self._desk, [json.dumps(said).encode()], [ear, log.fileno()])
        except OSError:
            os.close(mouth)
            raise
        finally:
            os.close(ear)
        return Infant(self._process.pid, os.fdopen(mouth, "rb", 0), self._desk)


_open: list[Nursery] = []  # of this process: at most one


def start(order: Path, log: IO[bytes]) -> Child:
    """A fresh child for one order, with a pipe from its standard output. Raises OSError.

    Only Linux is known to fork such a process safely; elsewhere each child loads everything anew.
    """
    if sys.platform != "linux":
        return sandbox.start("anomaly.jobs.child", str(order), stdout=subprocess.PIPE, stderr=log)
    if _open:  # it may have ended: idle for long, or killed
        with contextlib.suppress(OSError):
            return _open[0].bear(order, log)
    close()
    _open.append(Nursery())
    return _open[0].bear(order, log)


@atexit.register
def close() -> None:
    while _open:
        _open.pop().close()


def main() -> None:
    """In the nursery: until nobody asks any more."""
    sandbox.die_with_parent()
    os.nice(5)
    faults.hit("nursery.start")
    load()
    with socket.socket(fileno=0) as desk, contextlib.suppress(TimeoutError):
        desk.settimeout(IDLE)
        while serve(desk):
            pass


def load() -> None:
    """What is slow to import, except polars: it starts threads of its own, which no child inherits.

    What cannot be imported the child will tell of. Should any of it ask whether there is a GPU, the
    answer is read from the driver's list: CUDA that has begun here could not begin in a child.
    """
    os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"
    if not faults.value("job.stub"):
        with contextlib.suppress(ImportError):
            import sklearn.base  # noqa: F401

            from anomaly.detector import calibrate, neighbours, train  # noqa: F401


def is_spoilt() -> bool:
    """Has CUDA begun in this process, against all that was said? Then no fork of it can use it."""
    torch = sys.modules.get("torch")
    begun = torch is not None and torch.cuda.is_initialized()
    return begun or bool(faults.value("nursery.spoilt"))


def serve(desk: socket.socket) -> bool:
    """One child's life; False when the worker has gone."""
    said, handles, _flags, _address = socket.recv_fds(desk, LONGEST, 2)
    if not said:
        return False
    os.environ["PODIUM_PARENT"] = str(os.getpid())
    pid = os.fork()
    if pid == 0:
        os._exit(live(json.loads(said), *handles))
    os.setpgid(pid, pid)  # before anybody is told, so that it can be killed with all it started
    for handle in handles:
        os.close(handle)
    desk.sendall(NUMBER.pack(pid))
    desk.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
    return True


def live(said: dict[str, Any], out: int, log: int) -> int:
    """In the child: nothing of the nursery's is left open. Returns the exit status."""
    try:
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, handle in enumerate((nothing, out, log)):
            os.dup2(handle, number)
            os.close(handle)
        spoilt, os.environ["PODIUM_FAULTS"] = is_spoilt(), said["faults"]
        if spoilt:  # the same process, with everything loaded anew
            command = [sys.executable, "-m", child.__name__, said["order"]]
            os.execv(sys.executable, command)  # noqa: S606 - no shell, nothing of a user's
        return child.main(json.loads(Path(said["order"]).read_text()))
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
