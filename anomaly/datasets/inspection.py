"""What a table holds, found out in a child process.

The child, `python -m anomaly.datasets.inspection ORDER`, prints lines of JSON: how far it is, and
in the end {"profile": …}, or {"code": …, "sentence": …} for a table that cannot be used. Whatever
else happens to it is told as a sentence too, by `inspect`.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from anomaly.datasets import sandbox
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.progress import STEPS, Tell, silent

SECONDS = 60.0  # at least; longer for larger files
BYTES_A_MINUTE = 128 * 2**20
MOST_SECONDS = 900.0
BUSY = 5  # times as long by the clock as by the processor
TOO_SLOW = "table.too_slow"
MEMORY = 4 * sandbox.GIB  # address space at least; more where the machine has it
MOST_OUTPUT = 32 * 2**20
LONGEST_CELL = 200  # of a sample, in characters
NEWS = 1.0  # seconds between two looks at how far the child is
LONGEST_NEWS = 200  # bytes
News = Tell

Understood = dict[str, Any]


def inspect(
    path: Path,
    name: str,
    *,
    told: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    seconds: float = SECONDS,
    patience: float | None = None,
    news: News | None = None,
) -> Understood:
    """The profile of a stored file, or why there is none. Never raises for what the file does.

    `seconds` are of processor time, so that a busy machine blames no table; `patience` is by the
    clock on the wall, and so many times as long where nobody waits. `news` hears every second or so
    how far it is, as (step, columns done with, columns).
    """
    with tempfile.TemporaryDirectory(prefix="podium-") as scratch, tempfile.TemporaryFile() as out:
        order = {
            "path": str(path),
            "name": name,
            "told": dict(told or {}),
            "kinds": dict(kinds or {}),
            "limits": asdict(limits or Limits()),
            "scratch": scratch,
            "seconds": seconds,
            "nice": 5 if patience else 10,  # pages go first, but for a table that one waits for
        }
        patience = BUSY * seconds if patience is None else patience
        ended = _run(order, out, Path(scratch), patience, news or silent)
        if ended == -signal.SIGXCPU:
            return _too_slow(name, seconds)
        return _understand(ended, _last_line(out, MOST_OUTPUT), name)


def _run(
    order: Mapping[str, Any], out: IO[bytes], scratch: Path, patience: float, news: News
) -> int:
    """How the child ended; it is killed at the deadline."""
    child = sandbox.start(
        "anomaly.datasets.inspection",
        json.dumps(order),
        stdout=out,
        stderr=subprocess.DEVNULL,
        scratch=scratch,
    )
    give_up = time.monotonic() + patience
    try:
        while (left := give_up - time.monotonic()) > 0:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(min(left, NEWS))
            _pass_on(_last_line(out, LONGEST_NEWS), news)
        return -signal.SIGXCPU
    finally:
        sandbox.kill(child)


def _last_line(out: IO[bytes], most: int) -> bytes:
    """The last whole line of at most so many bytes: the child may be writing the next."""
    end = os.fstat(out.fileno()).st_size
    told = os.pread(out.fileno(), most, max(0, end - most))
    return told.rpartition(b"\n")[0].rpartition(b"\n")[2]


def _pass_on(line: bytes, news: News) -> None:
    """What the child says counts for nothing but a line on a page, so it may say anything."""
    with contextlib.suppress(ValueError, TypeError, KeyError):
        told = json.loads(line)["reading"]
        news(STEPS[STEPS.index(told[0])], int(told[1]), int(told[2]))


def _understand(ended: int, output: bytes, name: str) -> Understood:
    if ended == 0:
        try:
            answer = json.loads(output)
        except ValueError:
            ended = 1
        else:
            return answer if isinstance(answer, dict) else {}
    if ended == -signal.SIGABRT:  # how compiled readers say that memory ran out
        return _too_large(name)
    return crashed(name)


def _too_slow(name: str, seconds: float) -> Understood:
    return _problem(
        TOO_SLOW, f"Reading {name} took longer than {seconds:.0f} seconds; send a smaller table."
    )


def seconds_for(size: int) -> float:
    """How long the reading of so many bytes may take."""
    return min(MOST_SECONDS, SECONDS * max(1.0, size / BYTES_A_MINUTE))


def crashed(name: str) -> Understood:
    return _problem(
        "table.crashed",
        f"Reading {name} ended unexpectedly, so it is not used; save the table as plain CSV "
        "and send it again.",
    )


def _problem(code: str, sentence: str) -> Understood:
    return {"code": code, "sentence": sentence}


def _too_large(name: str) -> Understood:
    return _problem(
        "table.too_large",
        f"{name} needs more memory than one table may have; send fewer rows or columns.",
    )


def memory() -> int:
    """Bytes of address space: half of what the machine has, at least MEMORY."""
    return max(MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)


def main(order: dict[str, Any]) -> Understood:
    """In the child: confined first, then with the file."""
    limits, scratch = Limits(**order["limits"]), Path(order["scratch"])
    written = limits.unpacked_bytes + MOST_OUTPUT
    sandbox.confine(memory=memory(), seconds=order["seconds"], written=written, nice=order["nice"])
    from anomaly.detector.reading import TableError

    sandbox.see_only(read=[Path(order["path"])], write=[scratch])
    try:
        return {"profile": _plain(understand(order, limits))}
    except TableError as error:
        return _problem(error.code, str(error))
    except MemoryError:
        return _too_large(order["name"])


def understand(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    from anomaly.detector.reading import profile, read, retyped

    table = read(
        order["path"], filename=order["name"], told=order["told"], limits=limits, tell=_tell
    )
    frame = retyped(table.frame, order["kinds"])
    found = profile(frame, notes=table.notes, kinds=order["kinds"], tell=_tell)
    return {**found, "reading": table.reading, "remarks": table.remarks}


def _tell(step: str, done: int, columns: int) -> None:
    """At most some hundred times: a table may have thousands of columns."""
    if done % max(1, columns // 100) == 0:
        say({"reading": [step, done, columns]})


def say(message: Understood) -> None:
    sys.stdout.write(json.dumps(message, allow_nan=False) + "\n")
    sys.stdout.flush()


def _plain(value: Any) -> Any:
    """Short strings that every database can hold (PostgreSQL takes no NUL, JSON no infinity)."""
    if isinstance(value, str):
        text = value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        text = text.encode("utf-8", "replace").decode("utf-8")  # no lone surrogates
        return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value


if __name__ == "__main__":
    say(main(json.loads(sys.argv[1])))
