"""What made a result: written on every job that succeeds, so that it can be made again."""

import functools
import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anomaly.jobs.models import ScoringJob

DETECTOR = Path(__file__).parent.parent / "detector"


@functools.cache
def code() -> str:
    """The detector's source in twelve characters: the same code, the same answer."""
    digest = hashlib.sha256()
    for source in sorted(DETECTOR.rglob("*.py")):
        digest.update(
            str(source.relative_to(DETECTOR)).encode() + b"\0" + source.read_bytes() + b"\0"
        )
    return digest.hexdigest()[:12]


def stamped(out: Path, job: ScoringJob) -> dict[str, Any]:
    """The stamp of what a child left; of a fit, also into how many parts the table falls.

    Raises ValueError if it is not there.
    """
    if job.step == ScoringJob.Step.PART:
        return {"code": code()}
    name = "plan.json" if job.step == ScoringJob.Step.FIT else "summary.json"
    try:
        said = json.loads((out / name).read_text())
        stamp: dict[str, Any] = said["stamp"] | _here()
    except (OSError, KeyError, TypeError) as error:
        raise ValueError(f"{name} has no stamp") from error
    return stamp | {"parts": said["parts"]} if "parts" in said else stamp


def _here() -> dict[str, str]:
    return {
        "code": code(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "machine": platform.machine(),
    }
