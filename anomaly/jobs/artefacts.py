"""Where results lie: written beside their place, listed with their hashes, renamed into it.

MEDIA_ROOT/tmp/<job>-<fence>/            while an attempt is under way
MEDIA_ROOT/artefacts/<job>/<fence>/      afterwards; counts only if the job's row names it
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from anomaly.jobs.models import ScoringJob
from theme.disk import sync_folder

FILES = ("summary.json", "scores.csv", "scores.parquet")
FILES_OF_STEP = {  # as `anomaly.detector.parts` leaves them
    ScoringJob.Step.FIT: (
        "plan.json",
        "table.parquet",
        "vae.safetensors",
        "autoencoder.safetensors",
    ),
    ScoringJob.Step.PART: ("scores.parquet",),
}
MANIFEST = "manifest.json"


class Incomplete(Exception):
    """The child ended well but did not leave what it should have."""


class Damaged(Exception):
    """A stored result is missing or is not what was stored."""


def workplace(job: ScoringJob) -> Path:
    """A fresh private folder for one attempt."""
    folder = root() / "tmp" / f"{job.pk}-{job.fence}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def place(job: ScoringJob) -> Path:
    return Path("artefacts") / str(job.pk) / str(job.fence)


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def folder_of(job: ScoringJob) -> Path:
    """Where its result lies, once it has one."""
    return root() / job.artefact


def publish(
    out: Path, job: ScoringJob, *, wanted: tuple[str, ...] | None = None
) -> tuple[str, str]:
    """Moves a finished result to its place; returns that, relative to MEDIA_ROOT, and the hash of
    its manifest. Raises Incomplete."""
    wanted = wanted or FILES_OF_STEP.get(ScoringJob.Step(job.step), FILES)
    files = {name: _entry(out / name) for name in wanted}
    for stray in set(os.listdir(out)) - set(wanted):
        raise Incomplete(f"unexpected file {stray!r}")
    text = json.dumps({"version": 1, "files": files}, sort_keys=True).encode()
    (out / MANIFEST).write_bytes(text)
    for name in (*wanted, MANIFEST):
        _sync(out / name)
    target = root() / place(job)
    target.parent.mkdir(parents=True, exist_ok=True)
    sync_folder(out)
    os.replace(out, target)
    sync_folder(target.parent)
    return str(place(job)), hashlib.sha256(text).hexdigest()


def _entry(path: Path) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file():
        raise Incomplete(f"no file {path.name!r}")
    return {"sha256": digest(path), "size": path.stat().st_size}


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(job: ScoringJob) -> dict[str, Any]:
    """What the manifest of a succeeded job lists, if it is the one that was stored.

    Raises Damaged.
    """
    try:
        text = (root() / job.artefact / MANIFEST).read_bytes()
    except OSError as error:
        raise Damaged(f"{job.artefact} has no manifest") from error
    if hashlib.sha256(text).hexdigest() != job.manifest:
        raise Damaged(f"the manifest of {job.artefact} was changed")
    files: dict[str, Any] = json.loads(text)["files"]
    return files


def path_of(job: ScoringJob, name: str) -> Path:
    """Raises Damaged if the result does not have this file, or not in its listed size."""
    listed = files_of(job).get(name)
    path = root() / job.artefact / name
    if listed is None or not path.is_file() or path.stat().st_size != listed["size"]:
        raise Damaged(f"{job.artefact}/{name} is missing or was changed")
    return path


def verify(job: ScoringJob) -> None:
    """Every byte of the result. Raises Damaged."""
    for name, listed in files_of(job).items():
        if digest(path_of(job, name)) != listed["sha256"]:
            raise Damaged(f"{job.artefact}/{name} was changed")


def read(job: ScoringJob, name: str) -> bytes:
    """A small file, verified. Raises Damaged."""
    content = path_of(job, name).read_bytes()
    if hashlib.sha256(content).hexdigest() != files_of(job)[name]["sha256"]:
        raise Damaged(f"{job.artefact}/{name} was changed")
    return content
