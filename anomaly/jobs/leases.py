"""How workers take jobs, keep them and end them: the statements on which everything rests.

Each is one transaction around one conditional UPDATE. Whoever does not hold the fence changes no
row, so a worker that was away too long writes nothing. All times are the database's clock. On
SQLite `select_for_update` does nothing and need not: its transactions are IMMEDIATE.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from anomaly.jobs.models import JobEvent, ScoringJob, Turn, Worker

State, Kind = ScoringJob.State, JobEvent.Kind


class LeaseLost(Exception):
    """The job belongs to somebody else by now; write nothing."""


@dataclass(frozen=True)
class Trouble:
    """Why an attempt brought no result. A permanent one is not tried again.

    A setback is nobody's fault that a table could mend (a full disk, a broken device), so it costs
    no attempt. `change` is what is tried differently next time.
    """

    code: str
    sentence: str
    permanent: bool = False
    setback: bool = False
    detail: str = ""
    change: dict[str, Any] = field(default_factory=dict)


WORKER_LOST = Trouble("worker_lost", "The worker that scored this table was lost.")
MOST_SETBACKS = 20
LONGEST_BACKOFF = 60.0  # seconds


def lease() -> timedelta:
    return timedelta(seconds=settings.PODIUM_LEASE)


def backoff(attempt: int) -> timedelta:
    """One heartbeat, then two, then four: long enough for whatever broke to be put right."""
    wait = settings.PODIUM_HEARTBEAT * 2.0 ** max(0, min(attempt, 20) - 1)
    return timedelta(seconds=min(LONGEST_BACKOFF, wait))


def claim(worker: Worker) -> ScoringJob | None:
    """Takes the next waiting job, or None."""
    try:
        return _claim(worker)
    except IntegrityError as error:
        if "fingerprint" not in str(error):
            raise
        return None  # somebody has begun to find the same at this very moment


@transaction.atomic
def _claim(worker: Worker) -> ScoringJob | None:
    job = candidate(worker)
    if job is None or not take(job, worker):
        return None
    job.refresh_from_db()
    Worker.objects.filter(pk=worker.pk).update(job=job, seen_at=Now())
    claimed = job.events.create(kind=Kind.CLAIMED, attempt=job.attempt, detail=worker.name)
    if team := job.dataset.submission.team:
        Turn.objects.update_or_create(team=team, defaults={"claim": claimed.pk})
    return job


def candidate(worker: Worker) -> ScoringJob | None:
    waiting = ScoringJob.objects.waiting().for_device(worker.device).by_turn()
    return waiting.select_for_update(skip_locked=True, of=("self",)).first()


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
def heartbeat(
    job: ScoringJob, worker: Worker, *, stage: str, progress: float, memory: int = 0
) -> bool:
    """Keeps the job for another lease; returns whether somebody wants it cancelled.

    Raises LeaseLost.
    """
    held = ScoringJob.objects.held(job)
    _one(held.update(lease_until=Now() + lease(), stage=stage, progress=progress))
    Worker.objects.filter(pk=worker.pk).update(seen_at=Now(), memory=memory)
    if stage != job.stage:
        job.events.create(kind=Kind.STAGE, attempt=job.attempt, code=stage)
        job.stage = stage
    return ScoringJob.objects.values_list("cancel_requested", flat=True).get(pk=job.pk)


@transaction.atomic
def succeed(
    job: ScoringJob, *, artefact: str, manifest: str, stamp: dict[str, Any] | None = None
) -> None:
    """Raises LeaseLost."""
    made: dict[str, Any] = {"artefact": artefact, "manifest": manifest, "stamp": stamp or {}}
    _end(job, State.SUCCEEDED, progress=1.0, error_code="", error="", **made)


@transaction.atomic
def divide(job: ScoringJob, *, parts: int, artefact: str, manifest: str) -> None:
    """What was to be learnt is learnt: the rows are scored in parts, by whoever is free, and the
    job itself waits until they are done. Raises LeaseLost."""
    _requeue(
        job,
        Kind.DIVIDED,
        Trouble("", "", detail=str(parts)),
        step=ScoringJob.Step.MERGE,
        attempt=0,
        error_code="",
        run_after=Now(),
        artefact=artefact,
        manifest=manifest,
    )
    shared = {"dataset": job.dataset, "requested_by_id": job.requested_by_id}
    shared |= {"payload": job.payload, "priority": job.priority, "queue": job.queue}
    for number in range(parts if still_waiting(job) else 0):
        part = job.parts.create(part=number, step=ScoringJob.Step.PART, **shared)
        part.events.create(kind=Kind.QUEUED, attempt=0)


def still_waiting(job: ScoringJob) -> bool:
    return ScoringJob.objects.filter(pk=job.pk, state=State.QUEUED).exists()


@transaction.atomic
def cancelled(job: ScoringJob) -> None:
    """The worker has stopped as it was asked to. Raises LeaseLost."""
    _end(job, State.CANCELLED)


@transaction.atomic
def fail(job: ScoringJob, trouble: Trouble) -> None:
    """Ends the attempt: the job waits for its next one, or fails for good. Raises LeaseLost."""
    used_up = job.setbacks >= MOST_SETBACKS if trouble.setback else job.attempt >= job.max_attempts
    if trouble.permanent or used_up:
        told = {"error_code": trouble.code, "error": trouble.sentence}
        _end(job, State.FAILED, trouble, **told, **trouble.change)
        return
    count = {"attempt": F("attempt") - 1, "setbacks": F("setbacks") + 1} if trouble.setback else {}
    wait = backoff(1 + job.setbacks if trouble.setback else job.attempt)
    again = {"error_code": trouble.code, "run_after": Now() + wait}
    _requeue(job, Kind.RETRIED, trouble, **again, **count, **trouble.change)


@transaction.atomic
def release(job: ScoringJob) -> None:
    """Gives a job back that this worker cannot finish because it is told to stop; costs no attempt.

    Raises LeaseLost.
    """
    told = Trouble("", "", detail=job.worker)
    _requeue(job, Kind.RELEASED, told, attempt=F("attempt") - 1, run_after=Now())


@transaction.atomic
def reap() -> int:
    """Takes back what silent workers held; returns how many. Any number may do it at once."""
    lost = list(ScoringJob.objects.abandoned().select_for_update(skip_locked=True))
    for job in lost:
        fail(job, WORKER_LOST)
    return len(lost)


def mend_times() -> int:
    """If the database's clock was set back, leases and waits lie in a far future; they are brought
    to where they would be by the clock of now. Returns how many."""
    late, latest = Now() + 2 * lease(), Now() + timedelta(seconds=2 * LONGEST_BACKOFF)
    held = ScoringJob.objects.running().filter(lease_until__gt=late)
    waiting = ScoringJob.objects.filter(state=State.QUEUED, run_after__gt=latest)
    return held.update(lease_until=Now() + lease()) + waiting.update(run_after=Now())


def _requeue(job: ScoringJob, kind: str, why: Trouble, **fields: Any) -> None:
    held = ScoringJob.objects.held(job)
    now = held.select_for_update().first()
    if now and now.cancel_requested:
        _end(job, State.CANCELLED, why)
        return
    _one(
        held.update(
            state=State.QUEUED, lease_until=None, stage="", progress=0, started_at=None, **fields
        )
    )
    _note(job, kind, why)
    _let_go(job)


def _end(job: ScoringJob, state: str, why: Trouble | None = None, **fields: Any) -> None:
    held = ScoringJob.objects.held(job)
    _one(held.update(state=state, lease_until=None, finished_at=Now(), **fields))
    _note(job, state, why or Trouble("", ""))
    _let_go(job)
    if job.parent_id:
        _tell_the_whole(job, state, why)
    else:
        stop_parts(job)


def _note(job: ScoringJob, kind: str, why: Trouble) -> None:
    detail = why.detail or why.sentence
    job.events.create(
        kind=kind,
        attempt=job.attempt,
        code=why.code,
        sentence=why.sentence,
        detail=f"{why.code}: {detail}" if why.code else detail,
    )


def _tell_the_whole(part: ScoringJob, state: str, why: Trouble | None) -> None:
    """A part that failed fails its job, with the part's reason."""
    waiting = ScoringJob.objects.filter(parts=part.pk, state=State.QUEUED)
    whole = waiting.select_for_update().first()
    if whole is None or state == State.CANCELLED:
        return
    if why is None or state == State.SUCCEEDED:
        waiting.update(run_after=Now())
        return
    waiting.update(state=State.FAILED, finished_at=Now(), error_code=why.code, error=why.sentence)
    _note(whole, Kind.FAILED, why)
    stop_parts(whole)


def stop_parts(whole: ScoringJob) -> None:
    """Nobody needs the parts of a job that has ended: those that wait end, those under way are
    asked to."""
    running = whole.parts.filter(state=State.RUNNING)
    running.update(cancel_requested=True)
    for part in whole.parts.filter(state=State.QUEUED).select_for_update():
        whole.parts.filter(pk=part.pk).update(state=State.CANCELLED, finished_at=Now())
        part.events.create(kind=Kind.CANCELLED, attempt=part.attempt)


def _let_go(job: ScoringJob) -> None:
    Worker.objects.filter(job=job).update(job=None)


def _one(changed: int) -> None:
    if changed != 1:
        raise LeaseLost
