"""The process in which one table is scored: `python -m anomaly.jobs.child ORDER`.

ORDER is a JSON file that says what to read and where to write. Progress and, for a table that
cannot be scored, the reason are printed as lines of JSON. No Django, no database, no credentials
here; what this writes counts only when the supervisor has taken it over.
"""

import errno
import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

from anomaly.datasets import sandbox
from anomaly.jobs import faults

BAD_DATA, OUTPUT_TOO_LARGE, STORAGE_FULL, GPU_MEMORY, MEMORY = 64, 73, 74, 75, 137
MOST_WRITTEN = 4 * sandbox.GIB
NO_DEVICE = "cpu"


def main(order: dict[str, Any]) -> int:
    memory = None if may_use_gpu(order["device"]) else memory_limit()
    # Processor time is only a backstop: the supervisor watches the clock on the wall.
    sandbox.confine(memory=memory, seconds=16 * order["seconds"], written=MOST_WRITTEN)
    try:
        faults.hit("job.start", order["filename"])
        return score(order)
    except MemoryError:
        return MEMORY
    except OSError as error:
        return disk_trouble(error)
    except RuntimeError as error:
        return memory_trouble(error)


def score(order: dict[str, Any]) -> int:
    from anomaly.detector.reading import TableError
    from anomaly.detector.scoring import score_file

    middle = functools.cache(faults.hit)  # once, however often progress is told

    def progress(stage: str, fraction: float) -> None:
        say(stage=stage, progress=round(fraction, 3))
        if stage == "training" and fraction > 0.1:
            middle("job.mid_fit", order["filename"])

    try:
        score_file(
            order["path"],
            order["out"],
            filename=order["filename"],
            roles=order["roles"],
            kinds=order.get("kinds"),
            told=order.get("told"),
            seed=order["seed"],
            device=order["device"],
            progress=progress,
        )
    except TableError as error:
        if isinstance(error.__cause__, OSError):  # not the table's fault
            raise error.__cause__ from None
        say(code=error.code, sentence=str(error))
        return BAD_DATA
    faults.hit("job.scored", order["filename"])
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


def memory_trouble(error: RuntimeError) -> int:
    """torch tells of memory that ran out by the class of its error, or by its words only."""
    if type(error).__name__ == "OutOfMemoryError":
        return GPU_MEMORY
    if "allocate memory" in str(error):
        return MEMORY
    raise error


def may_use_gpu(device: str) -> bool:
    """CUDA maps more addresses than there is memory, so there the limit would forbid all work."""
    return device != NO_DEVICE and Path("/dev/nvidiactl").exists()


def memory_limit() -> int:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(6 * sandbox.GIB, int(0.8 * physical))


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text())))
