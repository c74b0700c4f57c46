"""What must hold after every fault and every load, as queries (reliability, section 2.1)."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Now

from anomaly.datasets import store
from anomaly.datasets.invariants import (
    every_dataset_has_its_file,
    every_reading_ends,
    every_upload_has_its_bytes,
)
from anomaly.jobs import artefacts, sweeping
from anomaly.jobs.models import JobEvent, ScoringJob, Worker


def broken() -> list[str]:
    """One line for each invariant that does not hold."""
    return [
        *every_job_ends_once(),
        *every_dataset_has_its_file(),
        *every_upload_has_its_bytes(),
        *every_reading_ends(),
        *every_file_belongs(),
        *every_success_has_its_result(),
    ]


def every_job_ends_once() -> Iterator[str]:
    """I1."""
    endings = Count("events", filter=Q(events__kind__in=JobEvent.ENDINGS))
    ended = Q(state__in=ScoringJob.ENDED)
    counted = ScoringJob.objects.annotate(endings=endings).exclude(
        (ended & Q(endings=1)) | (~ended & Q(endings=0))
    )
    for pk, state, number in counted.values_list("pk", "state", "endings"):
        yield f"I1 job {pk} is {state} with {number} endings"
    for ending in JobEvent.objects.filter(kind__in=JobEvent.ENDINGS).select_related("job"):
        if ending.kind != ending.job.state:
            yield f"I1 job {ending.job_id} is {ending.job.state} but its journal says {ending.kind}"
    noticed = timedelta(seconds=2 * (settings.PODIUM_LEASE + settings.PODIUM_SWEEP))
    for job in ScoringJob.objects.running().filter(lease_until__lt=Now() - noticed):
        yield f"I1 job {job.pk} is held by a lost worker and nobody takes it back"
    if Worker.objects.alive().exists():
        undivided = Q(step=ScoringJob.Step.WHOLE, setbacks=0, created_at__lt=Now() - longest())
        for job in ScoringJob.objects.unfinished().filter(undivided, attempt__gt=0):
            yield f"I1 job {job.pk} has not ended for longer than {longest()}"


def longest() -> timedelta:
    """Three attempts at the time limit, each lost and noticed as late as possible."""
    attempt = settings.PODIUM_JOB_SECONDS + 2 * (settings.PODIUM_LEASE + settings.PODIUM_SWEEP)
    return timedelta(seconds=3 * (attempt + 4 * settings.PODIUM_HEARTBEAT))


def every_file_belongs() -> Iterator[str]:
    """I2."""
    for path in [*store.root().glob("*.part"), *sweeping.unnamed_files()]:
        limit = sweeping.PART_SECONDS if path.suffix else sweeping.UNNAMED_SECONDS
        if time.time() - os.stat(path).st_mtime > limit + 600:
            yield f"I2 the file {path.name} belongs to nothing and is not swept"


def every_success_has_its_result() -> Iterator[str]:
    """I3."""
    for job in sweeping.wanted().succeeded():
        if Path(job.artefact) != artefacts.place(job):
            yield f"I3 job {job.pk} points to the result of another attempt"
        try:
            artefacts.verify(job)
        except artefacts.Damaged as damage:
            yield f"I3 job {job.pk}: {damage}"
