"""One attempt at one job: a child process does the work, this watches it until it ends or must."""

import json
import logging
import os
import selectors
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from anomaly.datasets import sandbox
from anomaly.jobs import artefacts, faults, leases, troubles
from anomaly.jobs.leases import LeaseLost, Trouble
from anomaly.jobs.models import PAYLOAD_VERSION, ScoringJob, Worker

logger = logging.getLogger(__name__)

GRACE = 20.0  # seconds that a job may still take when the worker is told to stop
MOST_OUTPUT = 2**20  # bytes of progress messages
NEWS = 1.0  # seconds between two heartbeats that carry news


class Stop(Exception):
    """The child has to end now; `then` says what becomes of the job."""

    def __init__(self, then: Callable[[ScoringJob], None]) -> None:
        self.then = then


def work_one(worker: Worker, stopping: threading.Event) -> bool:
    """Takes the next waiting job through one attempt; False when nothing waits."""
    if not ScoringJob.objects.waiting().exists():
        return False  # without asking for a write lock
    job = leases.claim(worker)
    if job is None:
        return False
    faults.hit("supervisor.claimed")
    try:
        Attempt(job, worker, stopping).run()
    except LeaseLost:
        logger.warning("job %s: the lease is lost, nothing was written", job.pk)
    return True


class Attempt:
    def __init__(self, job: ScoringJob, worker: Worker, stopping: threading.Event) -> None:
        self.job, self.worker, self.stopping = job, worker, stopping
        self.began = self.beaten = time.monotonic()
        self.stop_at: float | None = None
        self.stage, self.progress, self.news = "starting", 0.0, False
        self.said: dict[str, str] = {}

    def run(self) -> None:
        """Every way out ends the attempt in the database, or leaves it to whoever reaps."""
        if self.job.payload.get("version") != PAYLOAD_VERSION:
            leases.fail(self.job, troubles.unsupported())
            return
        folder = artefacts.workplace(self.job)
        try:
            ended = self.watch(self.start(folder))
            self.conclude(ended, folder)
        except Stop as stop:
            self.persist(stop.then)
        except OSError as error:
            logger.exception("job %s", self.job.pk)
            trouble = Trouble("storage", "The result could not be kept.", detail=str(error))
            self.persist(lambda job: leases.fail(job, trouble))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def start(self, folder: Path) -> "subprocess.Popen[bytes]":
        job = self.job
        (folder / "order.json").write_text(json.dumps(self.order(folder)))
        with (folder / "log").open("wb") as log:
            child = sandbox.start(
                "anomaly.jobs.child",
                str(folder / "order.json"),
                stdout=subprocess.PIPE,
                stderr=log,
            )
        logger.info("job %s: attempt %s in process %s", job.pk, job.attempt, child.pid)
        return child

    def order(self, folder: Path) -> dict[str, Any]:
        payload, dataset = self.job.payload, self.job.dataset
        no_gpu = self.job.error_code == "gpu_out_of_memory"  # so this time without
        return {
            "path": str(dataset.path),
            "out": str(folder / "out"),
            "filename": dataset.name,
            "roles": payload["roles"],
            "kinds": payload.get("kinds", {}),
            "told": payload.get("told", {}),
            "seed": payload["seed"],
            "device": "cpu" if no_gpu else settings.PODIUM_DEVICE,
            "seconds": settings.PODIUM_JOB_SECONDS,
        }

    def watch(self, child: "subprocess.Popen[bytes]") -> int:
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

    def listen(
        self, child: "subprocess.Popen[bytes]", pipe: int, selector: selectors.BaseSelector
    ) -> None:
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
            self.tend()

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
            logger.warning("job %s: a line that is no message", self.job.pk)

    def tend(self) -> None:
        """The watch's own duties: pulse, cancel, time limit, shutdown."""
        now = time.monotonic()
        if now - self.began > settings.PODIUM_JOB_SECONDS:
            raise Stop(self.fails(Trouble(*troubles.timeout())))
        if self.stopping.is_set() and self.must_stop(now):
            raise Stop(leases.release)
        if now - self.beaten > (NEWS if self.news else settings.PODIUM_HEARTBEAT):
            self.beat(now)

    def must_stop(self, now: float) -> bool:
        """Not at once if the job is as good as done."""
        if self.stop_at is None:
            passed = now - self.began
            left = passed / self.progress - passed if self.progress > 0.05 else GRACE + 1
            self.stop_at = now + GRACE if left < GRACE else now
        return now >= self.stop_at

    def beat(self, now: float) -> None:
        try:
            wanted = leases.heartbeat(
                self.job, self.worker, stage=self.stage, progress=self.progress
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
            self.persist(self.fails(trouble))
            return
        try:
            artefact, manifest = artefacts.publish(folder / "out", self.job)
        except artefacts.Incomplete as error:
            detail = str(error)
            self.persist(self.fails(Trouble("error", "No result was left.", detail=detail)))
            return
        faults.hit("supervisor.before_finish")
        self.persist(lambda job: leases.succeed(job, artefact=artefact, manifest=manifest))
        faults.hit("supervisor.finished")

    def fails(self, trouble: Trouble) -> Callable[[ScoringJob], None]:
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


def tail(path: Path, characters: int = 4000) -> str:
    """The end of a child's log, where the reason stands."""
    with path.open("rb") as log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - characters))
        return log.read().decode(errors="replace").replace("\x00", "")
