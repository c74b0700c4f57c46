"""Real workers on the test's own database, broker and folder, ended by their own process id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from anomaly.jobs.models import ScoringJob

SHORT = {
    "PODIUM_LEASE": "3",
    "PODIUM_HEARTBEAT": "1",
    "PODIUM_SWEEP": "1",
    "PODIUM_LOOK": "0.5",
    "PODIUM_LOG": "INFO",
}


@pytest.fixture(autouse=True)
def short_times(settings):
    settings.PODIUM_LEASE, settings.PODIUM_HEARTBEAT = 3.0, 1.0
    settings.PODIUM_SWEEP, settings.PODIUM_LOOK = 1.0, 0.5


def children_of(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(pid) for pids in found for pid in pids]


QUICK = ["-l", "warning", "--without-mingle", "--without-gossip", "--without-heartbeat"]


class Worker:
    """One `celery worker` process, alone in its process group."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", *QUICK, *options],
            env=environment,
            start_new_session=True,
        )
        self.pid = self.process.pid

    def children(self) -> list[int]:
        """Process ids of the attempts under way in this worker: its nursery's children."""
        return [child for nursery in children_of(self.pid) for child in children_of(nursery)]

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
        self.process.wait(10)


def database_url() -> str:
    """DATABASE_URL, with the test run's own database in it."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def worker(transactional_db, tmp_path) -> Iterator[Callable[..., Worker]]:
    """`worker(PODIUM_FAULTS="…")` starts one more."""
    started = []

    def start(**environment: str) -> Worker:
        own = {"DATABASE_URL": database_url(), "PODIUM_VAR": str(tmp_path)}
        everything = os.environ | SHORT | own | environment
        started.append(Worker(everything, "-n", f"w{len(started)}@test"))
        return started[-1]

    yield start
    for one in started:
        one.kill()


class Barrier:
    """Where a process that hits a fault point waits for the test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def at(self, point: str) -> str:
        """The value of PODIUM_FAULTS."""
        return f"{point}=barrier:{self.path}"

    def reached(self) -> None:
        eventually(self.path.exists, within=60)

    def open(self) -> None:
        Path(f"{self.path}.open").touch()


@pytest.fixture
def barrier(tmp_path) -> Barrier:
    return Barrier(tmp_path / "barrier")


def gone(pid: int) -> bool:
    """Ended, and taken note of by its parent."""
    return not Path(f"/proc/{pid}").exists()


def ended(job: ScoringJob) -> bool:
    job.refresh_from_db()
    return job.ended


def kinds(job: ScoringJob) -> list[str]:
    """What happened to the job, its stages aside."""
    return list(job.events.exclude(kind="stage").values_list("kind", flat=True))


BUSY = 4  # times as long; who passes does not wait for it


def eventually(check: Callable[[], object], within: float) -> None:
    """Waits until `check()` is true; fails after `within` seconds, by a machine that is busy."""
    deadline = time.monotonic() + BUSY * within
    while not check():
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(0.1)
