"""How workers take jobs, keep them and end them: the statements on which everything rests.

Each is one transaction around one conditional UPDATE. Whoever does not hold the fence changes no
row, so a worker that was away too long writes nothing. All times are the database's clock. On
SQLite `select_for_update` does nothing and need not: its transactions are IMMEDIATE.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from anomaly.jobs.models import JobEvent, ScoringJob, Worker

State, Kind = ScoringJob.State, JobEvent.Kind


class LeaseLost(Exception):
    """The job belongs to somebody else by now; write nothing."""


@dataclass(frozen=True)
class Trouble:
    """Why an attempt brought no result. A permanent one is not tried again."""

    code: str
    sentence: str
    permanent: bool = False
    detail: str = ""


WORKER_LOST = Trouble("worker_lost", "The worker that scored this table was lost.")


def lease() -> timedelta:
    return timedelta(seconds=settings.PODIUM_LEASE)


def backoff(attempt: int) -> timedelta:
    """One heartbeat, then two, then four: long enough for whatever broke to be put right."""
    return timedelta(seconds=settings.PODIUM_HEARTBEAT * 2 ** max(0, attempt - 1))


@transaction.atomic
def claim(worker: Worker) -> ScoringJob | None:
    """Takes the next waiting job, or None."""
    job = candidate()
    if job is None or not take(job, worker):
        return None
    job.refresh_from_db()
    Worker.objects.filter(pk=worker.pk).update(job=job, seen_at=Now())
    job.events.create(kind=Kind.CLAIMED, attempt=job.attempt, detail=worker.name)
    return job


def candidate() -> ScoringJob | None:
    return ScoringJob.objects.waiting().select_for_update(skip_locked=True).first()


def take(job: ScoringJob, worker: Worker) -> bool:
    """Compare and set: true for one of all who saw this job waiting."""
    as_seen = ScoringJob.objects.filter(pk=job.pk, state=State.QUEUED, fence=job.fence)
    return bool(
        as_seen.update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            fence=F("fence") + 1,
            worker=worker.name,
            lease_until=Now() + lease(),
            started_at=Now(),
            stage="starting",
            progress=0,
        )
    )


@transaction.atomic
def heartbeat(job: ScoringJob, worker: Worker, *, stage: str, progress: float) -> bool:
    """Keeps the job for another lease; returns whether somebody wants it cancelled.

    Raises LeaseLost.
    """
    held = ScoringJob.objects.held(job)
    _one(held.update(lease_until=Now() + lease(), stage=stage, progress=progress))
    Worker.objects.filter(pk=worker.pk).update(seen_at=Now())
    return ScoringJob.objects.values_list("cancel_requested", flat=True).get(pk=job.pk)


@transaction.atomic
def succeed(job: ScoringJob, *, artefact: str, manifest: str) -> None:
    """Raises LeaseLost."""
    _end(job, State.SUCCEEDED, artefact=artefact, manifest=manifest, progress=1.0, error_code="")


@transaction.atomic
def cancelled(job: ScoringJob) -> None:
    """The worker has stopped as it was asked to. Raises LeaseLost."""
    _end(job, State.CANCELLED)


@transaction.atomic
def fail(job: ScoringJob, trouble: Trouble) -> None:
    """Ends the attempt: the job waits for its next one, or fails for good. Raises LeaseLost."""
    detail = f"{trouble.code}: {trouble.detail or trouble.sentence}"
    if trouble.permanent or job.attempt >= job.max_attempts:
        _end(job, State.FAILED, detail, error_code=trouble.code, error=trouble.sentence)
    else:
        _requeue(
            job,
            Kind.RETRIED,
            detail,
            error_code=trouble.code,
            run_after=Now() + backoff(job.attempt),
        )


@transaction.atomic
def release(job: ScoringJob) -> None:
    """Gives a job back that this worker cannot finish because it is told to stop; costs no attempt.

    Raises LeaseLost.
    """
    _requeue(job, Kind.RELEASED, job.worker, attempt=F("attempt") - 1, run_after=Now())


@transaction.atomic
def reap() -> int:
    """Takes back what silent workers held; returns how many. Any number may do it at once."""
    lost = list(ScoringJob.objects.abandoned().select_for_update(skip_locked=True))
    for job in lost:
        fail(job, WORKER_LOST)
    return len(lost)


def _requeue(job: ScoringJob, kind: str, detail: str, **fields: Any) -> None:
    held = ScoringJob.objects.held(job)
    now = held.select_for_update().first()
    if now and now.cancel_requested:
        _end(job, State.CANCELLED, detail)
        return
    _one(
        held.update(
            state=State.QUEUED, lease_until=None, stage="", progress=0, started_at=None, **fields
        )
    )
    job.events.create(kind=kind, attempt=job.attempt, detail=detail)
    _let_go(job)


def _end(job: ScoringJob, state: str, detail: str = "", **fields: Any) -> None:
    held = ScoringJob.objects.held(job)
    _one(held.update(state=state, lease_until=None, finished_at=Now(), **fields))
    job.events.create(kind=state, attempt=job.attempt, detail=detail)
    _let_go(job)


def _let_go(job: ScoringJob) -> None:
    Worker.objects.filter(job=job).update(job=None)


def _one(changed: int) -> None:
    if changed != 1:
        raise LeaseLost
