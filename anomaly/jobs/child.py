"""The process in which one table is scored: `python -m anomaly.jobs.child ORDER`.

ORDER is a JSON file that says what to read and where to write. Progress and, for a table that
cannot be scored, the reason are printed as lines of JSON. No Django, no database, no credentials
here; what this writes counts only when the supervisor has taken it over.
"""

import errno
import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anomaly.datasets import sandbox
from anomaly.jobs import faults

BAD_DATA, OUTPUT_TOO_LARGE, STORAGE_FULL, GPU_MEMORY, DEVICE = 64, 73, 74, 75, 76
TIME_LIMIT, MEMORY = 124, 137
MOST_WRITTEN = 4 * sandbox.GIB
NO_DEVICE = "cpu"

Tell = Callable[[str, float], None]


class TimeLimit(BaseException):
    """The supervisor asks to stop. No mere Exception, so that nothing on the way catches it."""


def main(order: dict[str, Any]) -> int:
    memory = None if may_use_gpu(order["device"]) else memory_limit()
    # Processor time is only a backstop: the supervisor watches the clock on the wall.
    sandbox.confine(memory=memory, seconds=16 * order["seconds"], written=MOST_WRITTEN)
    signal.signal(signal.SIGTERM, _time_is_up)
    try:
        faults.hit("job.start", order["filename"])
        return work(order)
    except TimeLimit:
        import traceback

        traceback.print_exc()  # for the organizer: what took so long
        return TIME_LIMIT
    except MemoryError:
        return MEMORY
    except OSError as error:
        return disk_trouble(error)
    except RuntimeError as error:
        return device_trouble(error)


def _time_is_up(_number: int, _frame: object) -> None:
    raise TimeLimit


def work(order: dict[str, Any]) -> int:
    if seconds := faults.value("job.stub"):
        return stub(order, float(seconds))
    from anomaly.detector.reading import TableError

    middle = functools.cache(faults.hit)  # once, however often progress is told

    def progress(stage: str, fraction: float) -> None:
        say(stage=stage, progress=round(fraction, 3))
        if stage == "training" and fraction > 0.1:
            middle("job.mid_fit", order["filename"])

    try:
        fewer_rows_at_once(order["halvings"])
        STEPS[order["step"]](order, progress)
    except TableError as error:
        if isinstance(error.__cause__, OSError):  # not the table's fault
            raise error.__cause__ from None
        say(code=error.code, sentence=str(error))
        return BAD_DATA
    faults.hit("job.scored", order["filename"])
    return 0


def score(order: dict[str, Any], tell: Tell) -> None:
    from anomaly.detector.scoring import score_file

    score_file(
        order["path"],
        order["out"],
        filename=order["filename"],
        roles=order["roles"],
        kinds=order.get("kinds"),
        told=order.get("told"),
        seed=order["seed"],
        device=order["device"],
        progress=tell,
    )


def fit(order: dict[str, Any], tell: Tell) -> None:
    from anomaly.detector import parts

    known = ("filename", "roles", "kinds", "told", "seed", "device", "part_rows")
    given = {name: order[name] for name in known}
    parts.fit(order["path"], order["out"], progress=tell, **given)


def score_part(order: dict[str, Any], tell: Tell) -> None:
    from anomaly.detector import parts

    faults.hit("job.part", str(order["part"]))
    parts.score(order["fitted"], order["out"], part=order["part"], progress=tell)


def merge(order: dict[str, Any], tell: Tell) -> None:
    from anomaly.detector import parts

    parts.merge(order["fitted"], order["parts"], order["out"], progress=tell)


STEPS: dict[str, Callable[[dict[str, Any], Tell], None]] = {
    "whole": score,
    "fit": fit,
    "part": score_part,
    "merge": merge,
}


def fewer_rows_at_once(halvings: int) -> None:
    """Memory ran out before: score fewer rows at once, which changes no result."""
    if halvings:
        from anomaly.detector import score as scoring

        for device, rows in scoring.ROWS_AT_ONCE.items():
            scoring.ROWS_AT_ONCE[device] = max(64, rows >> halvings)


def stub(order: dict[str, Any], seconds: float) -> int:
    """Instead of the detector where a bench counts jobs and not their content."""
    import time

    out = Path(order["out"])
    out.mkdir()
    for step in range(10):
        say(stage="training", progress=step / 10)
        time.sleep(seconds / 10)
    (out / "summary.json").write_text(json.dumps({"stamp": {"seed": order["seed"]}}))
    for name in ("scores.csv", "scores.parquet"):
        (out / name).write_bytes(order["filename"].encode())
    return 0


def say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def disk_trouble(error: OSError) -> int:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return STORAGE_FULL
    if error.errno == errno.EFBIG:
        return OUTPUT_TOO_LARGE
    raise error


def device_trouble(error: RuntimeError) -> int:
    """torch tells of memory that ran out and of a broken device by the class of its error, or by
    its words only."""
    if type(error).__name__ == "OutOfMemoryError":
        return GPU_MEMORY
    if "allocate memory" in str(error):
        return MEMORY
    if type(error).__name__ == "AcceleratorError" or "CUDA error" in str(error):
        return DEVICE
    raise error


def may_use_gpu(device: str) -> bool:
    """CUDA maps more addresses than there is memory, so there the limit would forbid all work."""
    return device != NO_DEVICE and Path("/dev/nvidiactl").exists()


def memory_limit() -> int:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(6 * sandbox.GIB, int(0.8 * physical))


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text())))
