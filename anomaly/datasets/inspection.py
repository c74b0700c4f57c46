"""What a table holds, found out in a child process.

The child, `python -m anomaly.datasets.inspection FILE NAME`, prints one line of JSON:
{"profile": …}, or {"code": …, "sentence": …} for a table that cannot be used. Whatever else happens
to it is told as a sentence too, by `inspect`.
"""

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from anomaly.datasets import sandbox

SECONDS = 60.0
MEMORY = 4 * sandbox.GIB
MOST_OUTPUT = 32 * 2**20
MOST_COLUMNS = 2000
LONGEST_COLUMN_NAME = 200
LONGEST_CELL = 200  # of a sample, in characters

Understood = dict[str, Any]


def inspect(path: Path, name: str) -> Understood:
    """The profile of a stored file, or why there is none. Never raises for what the file does."""
    with tempfile.TemporaryFile() as out:
        child = sandbox.start(
            "anomaly.datasets.inspection", str(path), name, stdout=out, stderr=subprocess.DEVNULL
        )
        try:
            ended = child.wait(SECONDS)
        except subprocess.TimeoutExpired:
            ended = -signal.SIGXCPU
        finally:
            sandbox.kill(child)
        out.seek(0)
        return _understand(ended, out.read(MOST_OUTPUT), name)


def _understand(ended: int, output: bytes, name: str) -> Understood:
    if ended == 0:
        try:
            answer = json.loads(output)
        except ValueError:
            ended = 1
        else:
            return answer if isinstance(answer, dict) else {}
    if ended == -signal.SIGXCPU:
        return _problem(
            "table.too_slow",
            f"Reading {name} took longer than {SECONDS:.0f} seconds; send a smaller table.",
        )
    return _problem(
        "table.crashed",
        f"Reading {name} ended unexpectedly, so it is not used; save the table as plain CSV "
        "and send it again.",
    )


def _problem(code: str, sentence: str) -> Understood:
    return {"code": code, "sentence": sentence}


def main(path: str, name: str) -> Understood:
    sandbox.confine(memory=MEMORY, seconds=SECONDS, written=MOST_OUTPUT)
    from anomaly.detector.reading import TableError, profile, read_table

    try:
        frame = read_table(path, filename=name)
        if problem := _too_wide(frame.columns, name):
            return problem
        return {"profile": _plain(profile(frame))}
    except TableError as error:
        return _problem(error.code, str(error))
    except MemoryError:
        return _problem(
            "table.too_large",
            f"{name} needs more memory than one table may have; send fewer rows or columns.",
        )


def _too_wide(columns: list[str], name: str) -> Understood | None:
    if len(columns) > MOST_COLUMNS:
        return _problem(
            "table.too_wide",
            f"{name} has {len(columns):,} columns; {MOST_COLUMNS:,} are allowed.",
        )
    for i, column in enumerate(columns, start=1):
        if len(column) > LONGEST_COLUMN_NAME:
            return _problem(
                "table.long_name",
                f"The name of column {i} of {name} has {len(column):,} characters; "
                f"{LONGEST_COLUMN_NAME} are allowed.",
            )
    return None


def _plain(value: Any) -> Any:
    """Short strings that every database can hold (PostgreSQL takes no NUL, JSON no infinity)."""
    if isinstance(value, str):
        text = value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:3]), allow_nan=False))
