"""What is taken back and cleaned away now and then. Any number may sweep at once."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from anomaly.datasets import store
from anomaly.datasets.models import Dataset
from anomaly.jobs import leases, tasks
from anomaly.jobs.models import ScoringJob, ScoringJobQuerySet, Worker

logger = structlog.get_logger(__name__)

PART_SECONDS = 3600  # an upload that has not grown for so long is dead
UNNAMED_SECONDS = 24 * 3600  # between a file's rename and its row; a crash leaves it without one
SILENT = timedelta(days=1)


def sweep() -> None:
    leases.reap()
    if leases.mend_times():
        logger.error("the database's clock was set back; leases and waits follow it")
    clean_uploads()
    clean_artefacts()
    Worker.objects.filter(seen_at__lt=Now() - SILENT).delete()
    for queue in ScoringJob.Queue.values:
        if ScoringJob.objects.waiting().filter(queue=queue).exists():
            tasks.ring(queue)


def clean_uploads() -> None:
    for part in store.root().glob("*.part"):
        if _age(part) > PART_SECONDS:
            part.unlink(missing_ok=True)
    for stored in unnamed_files():
        if _age(stored) > UNNAMED_SECONDS:
            stored.unlink(missing_ok=True)


def unnamed_files() -> Iterator[Path]:
    """Stored files without a row; young ones may still get theirs."""
    for folder in store.root().glob("??"):
        found = {path.name: path for path in folder.iterdir()}
        known = {*Dataset.objects.filter(sha256__in=found).values_list("sha256", flat=True)}
        yield from (path for name, path in found.items() if name not in known)


def clean_artefacts() -> None:
    for folder in [*orphan_workplaces(), *orphan_artefacts()]:
        shutil.rmtree(folder, ignore_errors=True)


def orphan_workplaces() -> Iterator[Path]:
    """Temporary folders of attempts that nobody is at any more."""
    for folder in (Path(settings.MEDIA_ROOT) / "tmp").glob("*"):
        job, _, fence = folder.name.rpartition("-")
        if _ours(job, fence) and not _held(job, fence):
            yield folder


def orphan_artefacts() -> Iterator[Path]:
    """Results that no succeeded job names, except those that are just being taken over."""
    for folder in (Path(settings.MEDIA_ROOT) / "artefacts").glob("*/*"):
        job, fence = folder.parent.name, folder.name
        named = wanted().filter(artefact=str(folder.relative_to(settings.MEDIA_ROOT)))
        # In this order: a job that ends between the two questions has its result named by then.
        if _ours(job, fence) and not _held(job, fence) and not named.exists():
            yield folder


def wanted() -> ScoringJobQuerySet:
    """Jobs whose results are of use: those of parts, until they are merged."""
    done = Q(state__in=[ScoringJob.State.FAILED, ScoringJob.State.CANCELLED])
    return ScoringJob.objects.exclude(done | Q(parent__state__in=ScoringJob.ENDED))


def _ours(job: str, fence: str) -> bool:
    """Not something that a person or a backup left there."""
    try:
        uuid.UUID(job)
    except ValueError:
        return False
    return fence.isdecimal()


def _held(job: str, fence: str) -> bool:
    """Is this attempt under way? Asked after the folder was seen, so a new one is never taken."""
    return ScoringJob.objects.filter(
        Q(pk=job, fence=int(fence)), state=ScoringJob.State.RUNNING
    ).exists()


def _age(path: Path) -> float:
    try:
        return time.time() - os.stat(path).st_mtime
    except FileNotFoundError:
        return 0.0
