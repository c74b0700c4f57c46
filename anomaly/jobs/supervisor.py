"""One attempt at one job: a child process does the work, this watches it until it ends or must."""

import errno
import json
import os
import selectors
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from anomaly.datasets import sandbox
from anomaly.jobs import (
    artefacts,
    faults,
    leases,
    memory,
    nursery,
    orders,
    sharing,
    troubles,
    versions,
)
from anomaly.jobs.leases import LeaseLost, Trouble
from anomaly.jobs.models import PAYLOAD_VERSION, ScoringJob, Worker

logger = structlog.get_logger(__name__)

GRACE = 20.0  # seconds that a job may still take when the worker is told to stop
MOST_OUTPUT = 2**20  # bytes of progress messages
NEWS = 1.0  # seconds between two heartbeats that carry news
MOST_FAILURES = 3  # of a worker's device in a row


class Stop(Exception):
    """The child has to end now; `then` says what becomes of the job."""

    def __init__(self, then: Callable[[ScoringJob], None]) -> None:
        self.then = then


def work_one(worker: Worker, stopping: threading.Event) -> bool:
    """Takes the next waiting job through one attempt; False when nothing waits."""
    if not ScoringJob.objects.waiting().exists():
        return False  # without asking for a write lock
    faults.hit("supervisor.before_claim")
    job = leases.claim(worker)
    if job is None:
        return False
    faults.hit("supervisor.claimed")
    about = {"job": str(job.pk), "dataset": str(job.dataset_id), "attempt": job.attempt}
    with structlog.contextvars.bound_contextvars(step=job.step, **about):
        try:
            Attempt(job, worker, stopping).run()
        except LeaseLost:
            logger.warning("the lease is lost, nothing was written")
    return True


class Attempt:
    def __init__(self, job: ScoringJob, worker: Worker, stopping: threading.Event) -> None:
        self.job, self.worker, self.stopping = job, worker, stopping
        self.began = self.beaten = time.monotonic()
        self.stop_at: float | None = None
        self.asked_to_stop = False
        self.hard, self.soft = orders.hard_seconds(job), orders.soft_seconds(job)
        self.stage, self.progress, self.news = "starting", 0.0, False
        self.said: dict[str, str] = {}

    def run(self) -> None:
        """Every way out ends the attempt in the database, or leaves it to whoever reaps."""
        if self.job.payload.get("version") != PAYLOAD_VERSION:
            leases.fail(self.job, troubles.unsupported())
            return
        folder = artefacts.workplace(self.job)
        try:
            if not self.share(folder):
                ended = self.watch(self.start(folder))
                self.conclude(ended, folder)
        except Stop as stop:
            self.persist(stop.then)
        except OSError as error:
            logger.exception("the result could not be kept")
            self.persist(self.fails(kept_nothing(self.job, error)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def share(self, folder: Path) -> bool:
        """Takes over what an identical job has found; False if there is none."""
        result = sharing.share(self.job, folder)
        if result is None:
            return False
        logger.info("the same was scored before; its result is shared")
        faults.hit("supervisor.before_finish")
        self.persist(lambda job: leases.succeed(job, **result))
        return True

    def start(self, folder: Path) -> nursery.Child:
        job = self.job
        (folder / "order.json").write_text(json.dumps(orders.make(job, folder)))
        with (folder / "log").open("wb") as log:
            child = nursery.start(folder / "order.json", log)
        logger.info("attempt begins", process=child.pid, device=self.worker.device)
        return child

    def watch(self, child: nursery.Child) -> int:
        """Returns how the child ended by itself. Raises Stop or LeaseLost after killing it."""
        assert child.stdout is not None  # noqa: S101 - PIPE was asked for
        try:
            with child.stdout as pipe, selectors.DefaultSelector() as selector:
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_READ)
                self.listen(child, pipe.fileno(), selector)
            return child.wait(5)
        except subprocess.TimeoutExpired:
            raise Stop(self.fails(troubles.too_talkative())) from None
        finally:
            sandbox.kill(child)

    def listen(self, child: nursery.Child, pipe: int, selector: selectors.BaseSelector) -> None:
        """Until the child has said its last word."""
        heard, unfinished = 0, b""
        while True:
            if selector.select(timeout=0.2):
                chunk = os.read(pipe, 65536)
                if not chunk:
                    return
                heard += len(chunk)
                if heard > MOST_OUTPUT:
                    raise Stop(self.fails(troubles.too_talkative()))
                *lines, unfinished = (unfinished + chunk).split(b"\n")
                for line in lines:
                    self.understand(line)
            elif child.poll() is not None:
                return
            self.tend(child)

    def understand(self, line: bytes) -> None:
        try:
            message = json.loads(line)
            if "code" in message:
                self.said = {"code": str(message["code"]), "sentence": str(message["sentence"])}
            else:
                self.stage = str(message["stage"])[:20]
                self.progress = float(message["progress"])
                self.news = True
        except (ValueError, TypeError, KeyError):
            logger.warning("a line that is no message")

    def tend(self, child: nursery.Child) -> None:
        """The watch's own duties: pulse, cancel, time limits, shutdown."""
        now = time.monotonic()
        if now - self.began > self.hard:
            raise Stop(self.fails(troubles.timeout(self.job)))
        if now - self.began > self.soft and not self.asked_to_stop:
            self.asked_to_stop = True
            child.terminate()
        if self.stopping.is_set() and self.must_stop(now):
            raise Stop(leases.release)
        if now - self.beaten > (NEWS if self.news else settings.PODIUM_HEARTBEAT):
            self.beat(now, child.pid)

    def must_stop(self, now: float) -> bool:
        """Not at once if the job is as good as done."""
        if self.stop_at is None:
            passed = now - self.began
            left = passed / self.progress - passed if self.progress > 0.05 else GRACE + 1
            self.stop_at = now + GRACE if left < GRACE else now
        return now >= self.stop_at

    def beat(self, now: float, child: int) -> None:
        used = memory.of(os.getpid()) + memory.of(child)
        try:
            wanted = leases.heartbeat(
                self.job, self.worker, stage=self.stage, progress=self.progress, memory=used
            )
        except (DatabaseError, InterfaceError) as error:
            refuse_unless_away(error)
            if now - self.beaten > settings.PODIUM_LEASE:
                raise LeaseLost from error
            time.sleep(0.5)
            return
        self.beaten, self.news = now, False
        if wanted:
            raise Stop(leases.cancelled)

    def conclude(self, ended: int, folder: Path) -> None:
        faults.hit("supervisor.before_publish")
        if ended != 0:
            trouble = troubles.explain(self.job, ended, self.said, tail(folder / "log"))
            self.note_device(trouble)
            self.persist(self.fails(trouble))
            return
        try:
            made = versions.stamped(folder / "out", self.job)
            artefact, manifest = artefacts.publish(folder / "out", self.job)
        except (artefacts.Incomplete, ValueError) as error:
            self.persist(self.fails(troubles.incomplete(str(error))))
            return
        faults.hit("supervisor.before_finish")
        result = {"artefact": artefact, "manifest": manifest}
        if self.job.step == ScoringJob.Step.FIT:
            self.persist(lambda job: leases.divide(job, parts=made["parts"], **result))
        else:
            self.persist(lambda job: leases.succeed(job, stamp=made, **result))
        self.note_device(None)
        faults.hit("supervisor.finished")

    def note_device(self, trouble: Trouble | None) -> None:
        """Counts how often in a row this worker's device failed; too often, and it rests."""
        if trouble and trouble.code != troubles.DEVICE:
            return
        self.worker.failures = self.worker.failures + 1 if trouble else 0
        if self.worker.failures >= MOST_FAILURES:
            logger.error("the device failed %s times in a row; this worker rests", MOST_FAILURES)

    def fails(self, trouble: Trouble) -> Callable[[ScoringJob], None]:
        logger.warning("attempt ends", code=trouble.code, setback=trouble.setback)
        return lambda job: leases.fail(job, trouble)

    def persist(self, end: Callable[[ScoringJob], None]) -> None:
        """The last word, said again while the database is away, for as long as the lease."""
        give_up = time.monotonic() + settings.PODIUM_LEASE
        while True:
            try:
                return end(self.job)
            except (DatabaseError, InterfaceError) as error:
                refuse_unless_away(error)
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.5)


def refuse_unless_away(error: Exception) -> None:
    """Goes on if the database was lost, and raises what else it had to say.

    psycopg2 tells of a connection cut in the middle of a statement by a bare DatabaseError.
    """
    away = isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
    if not away:
        raise error
    connection.close()


def kept_nothing(job: ScoringJob, error: OSError) -> Trouble:
    """A full disk is no fault of the job; of anything else the owner hears no path."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return replace(troubles.storage(job), detail=str(error))
    return Trouble("storage_error", _("The result could not be kept."), detail=str(error))


def tail(path: Path, characters: int = 4000) -> str:
    """The end of a child's log, where the reason stands."""
    with path.open("rb") as log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - characters))
        return log.read().decode(errors="replace").replace("\x00", "")
