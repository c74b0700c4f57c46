"""What a child is told to do: which rows, on which device, how many at once, and for how long."""

from pathlib import Path
from typing import Any

from django.conf import settings

from anomaly.datasets.models import Dataset
from anomaly.jobs import artefacts, child
from anomaly.jobs.models import ScoringJob

Step = ScoringJob.Step

BASE_SECONDS = 600.0
SECONDS_A_MILLION_CELLS = 300.0  # ten times what one loaded core was measured to take
SOFT = 0.9  # of the time: then the child is asked to stop, and says what it was doing


def make(job: ScoringJob, folder: Path) -> dict[str, Any]:
    """The order of one attempt, ready for JSON."""
    payload, dataset = job.payload, job.dataset
    told = {
        "step": job.step,
        "path": str(dataset.path),
        "out": str(folder / "out"),
        "filename": dataset.name,
        "roles": payload["roles"],
        "kinds": payload.get("kinds", {}),
        "told": payload.get("told", {}),
        "seed": payload["seed"],
        "device": child.NO_DEVICE if fell_back(job) else settings.PODIUM_DEVICE,
        "halvings": job.halvings,
        "seconds": hard_seconds(job),
    }
    return told | _of_parts(job)


def fell_back(job: ScoringJob) -> bool:
    """Did a GPU fail it before? Then it does without, also on a machine that has one."""
    return job.queue == job.Queue.CPU and bool(job.halvings or job.setbacks)


def _of_parts(job: ScoringJob) -> dict[str, Any]:
    """Where the parts of a divided job find what was learnt, and the merge what they made."""
    if job.step == Step.FIT:
        return {"part_rows": job.payload["part_rows"]}
    if job.step == Step.PART:
        whole = job.parent
        assert whole is not None  # noqa: S101 - the database holds it
        return {"fitted": str(artefacts.folder_of(whole)), "part": job.part}
    if job.step == Step.MERGE:
        parts = job.parts.succeeded().order_by("part")
        folders = [str(artefacts.folder_of(part)) for part in parts]
        return {"fitted": str(artefacts.folder_of(job)), "parts": folders}
    return {}


def cells(dataset: Dataset) -> int:
    profile = dataset.profile
    return int(profile.get("rows", 0)) * len(profile.get("columns", []))


def hard_seconds(job: ScoringJob) -> float:
    """When the child is killed: longer for larger tables, never longer than the setting."""
    size = cells(job.dataset)
    if job.step == Step.PART:
        size = min(size, job.payload["part_rows"] * len(job.dataset.profile["columns"]))
    wanted = BASE_SECONDS + SECONDS_A_MILLION_CELLS * size / 1e6
    return float(min(settings.PODIUM_JOB_SECONDS, wanted))


def soft_seconds(job: ScoringJob) -> float:
    return SOFT * hard_seconds(job)
