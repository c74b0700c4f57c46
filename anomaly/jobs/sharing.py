"""Identical orders are scored once: the same bytes, read in the same way, with the same roles and
seed, by the same detector, have the same result.

The second order waits while the first is under way (`ScoringJobQuerySet.waiting`) and then gets the
first one's files as its own, by hard links. Every job still ends by itself, with a result of its
own, and nobody learns whose order it was that had been made before.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anomaly.datasets.models import Dataset
from anomaly.jobs import artefacts, versions
from anomaly.jobs.models import ScoringJob, ScoringJobQuerySet

SAID = ("roles", "kinds", "told", "seed")  # of a payload: all that changes what is found
MOST_TRIED = 3


def fingerprint(dataset: Dataset, payload: Mapping[str, Any]) -> str:
    """The same for two orders whose results are the same."""
    what = [dataset.sha256, dataset.said_format, *(payload.get(name) for name in SAID)]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def made_already(mark: str) -> ScoringJobQuerySet:
    """Jobs that found what this order asks for, by the detector of now."""
    done = ScoringJob.objects.whole().succeeded().filter(stamp__code=versions.code())
    return done.filter(fingerprint=mark) if mark else done.none()


def is_readable(job: ScoringJob) -> bool:
    """At a glance: its files are there in their sizes, as its manifest lists them."""
    try:
        for name in artefacts.FILES:
            artefacts.path_of(job, name)
    except artefacts.Damaged:
        return False
    return True


def share(job: ScoringJob, folder: Path) -> dict[str, Any] | None:
    """The files of an identical job as this one's result: where, and what made it. None if there is
    no such job, or none whose every byte is what was stored."""
    if job.step not in (ScoringJob.Step.WHOLE, ScoringJob.Step.FIT):
        return None
    for twin in made_already(job.fingerprint).order_by("-finished_at")[:MOST_TRIED]:
        if _link(twin, folder / "out"):
            artefact, manifest = artefacts.publish(folder / "out", job, wanted=artefacts.FILES)
            if manifest == twin.manifest:
                return {"artefact": artefact, "manifest": manifest, "stamp": twin.stamp}
            shutil.rmtree(artefacts.root() / artefact)
    return None


def _link(twin: ScoringJob, out: Path) -> bool:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    try:
        for name in artefacts.FILES:
            _same(artefacts.path_of(twin, name), out / name)
    except (artefacts.Damaged, FileNotFoundError):  # it was changed, or has just been swept
        shutil.rmtree(out)
        return False
    return True


def _same(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
