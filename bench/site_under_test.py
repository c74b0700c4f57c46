"""A whole site for a measurement: PostgreSQL, Redis, web server and workers of its own, in a
temporary folder, on this machine only, stopped by their own process ids."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
SHORT = {"PODIUM_LEASE": "3", "PODIUM_HEARTBEAT": "1", "PODIUM_SWEEP": "1", "PODIUM_LOOK": "0.5"}


def machine() -> str:
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({platform.machine()}), load {load:.1f} at the start"


@contextmanager
def servers() -> Iterator[Path]:
    """The environment of this process and of its children points to fresh servers; Django is set
    up and the database migrated. Yields the folder."""
    from tests import servers as of_tests

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all below is stopped, too
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))
    folder.chmod(0o755)
    try:
        os.environ |= {
            "DATABASE_URL": of_tests.start_postgres(folder / "postgres"),
            "REDIS_URL": of_tests.start_redis(folder),
            "PODIUM_VAR": str(folder / "var"),
            "PODIUM_SECRET_KEY": "only-for-a-bench-" * 4,
            "PODIUM_HOSTS": "localhost,127.0.0.1",
            "PODIUM_HTTPS": "0",
            "PODIUM_HASHED_STATIC": "0",
            "OMP_NUM_THREADS": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONWARNINGS": "ignore",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django

        django.setup()
        yield folder
    finally:
        of_tests.pytest_unconfigure()
        shutil.rmtree(folder, ignore_errors=True)


class Process:
    """One child in its own session, started again when it has died."""

    def __init__(self, name: str, *command: str, **environment: str) -> None:
        self.name, self.command = name, [sys.executable, *command]
        self.environment, self.starts = environment, 0
        self.log = (Path(os.environ["PODIUM_VAR"]).parent / f"{name}.log").open("ab")
        self.start()

    def start(self) -> None:
        self.starts += 1
        self.child = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=os.environ | self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def ended(self) -> bool:
        return self.child.poll() is not None

    def children(self) -> list[int]:
        return _children_of(self.pid)

    def attempts(self) -> list[int]:
        """The processes in which a worker's tables are scored: its nursery's children."""
        return [child for nursery in self.children() for child in _children_of(nursery)]

    def send(self, number: int) -> None:
        if not self.ended:
            os.kill(self.pid, number)

    def stop(self) -> None:
        if not self.ended:
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.send(signal.SIGKILL)
                self.child.wait(10)
        self.log.close()


def _children_of(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(pid) for pids in found for pid in pids]


def worker(name: str, **environment: str) -> Process:
    quick = ("-l", "warning", "--without-mingle", "--without-gossip", "--without-heartbeat")
    command = ("-m", "celery", "-A", "config", "worker", "-P", "solo", "-n", f"{name}@bench")
    return Process(name, *command, *quick, **environment)


def make_event(slug: str):
    """A published hackathon with everything open."""
    from datetime import timedelta

    from django.utils import timezone

    from events.models import Event, Phase

    event = Event.objects.create(
        slug=slug, name=slug.capitalize(), state=Event.State.PUBLISHED, team_size=5
    )
    now = timezone.now()
    for kind in Phase.Kind:
        event.phases.create(
            kind=kind, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
        )
    event.tracks.create(slug="open", name="Open", position=1)
    return event


def make_author(event, number: int):
    """A person with a team and a draft; returns the person and the draft."""
    from accounts.models import User
    from events import actions as events
    from submissions.entries import actions as entries

    user = User(email=f"author{number}@example.org", name=f"Author {number}")
    user.set_unusable_password()
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    events.register(user, event)
    events.create_team(user, event, name=f"Team {number}")
    draft = entries.create_draft(
        user,
        event,
        track=event.tracks.get(),
        title=f"Project {number}",
        summary="Finds what is odd.",
        description="It reads a table and says which rows are odd.",
    )
    return user, draft


class Shares:
    """Of the processor: what this process, those named and PostgreSQL use until `stop`."""

    def __init__(self, **pids: int) -> None:
        postmaster = Path(os.environ["PODIUM_VAR"]).parent / "postgres" / "postmaster.pid"
        own = {"player": os.getpid(), "postgres": int(postmaster.read_text().split()[0])}
        self.pids = own | pids
        self.used = {name: -processor_seconds(pid) for name, pid in self.pids.items()}

    def stop(self) -> None:
        for name, pid in self.pids.items():
            self.used[name] += processor_seconds(pid)

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.used.items())


def processor_seconds(pid: int) -> float:
    """Of a process and its children, also of those that have ended. This process alone: its own."""
    main = psutil.Process(pid)
    times = main.cpu_times()
    own = times.user + times.system
    if pid == os.getpid():
        return own
    there = [child.cpu_times() for child in main.children(recursive=True)]
    ended = times.children_user + times.children_system
    return own + ended + sum(one.user + one.system for one in there)


def resident(pid: int) -> float:
    """MiB of a process and its children; pages that they share count once for each."""
    pids = [pid, *_children_of(pid)]
    told = [Path(f"/proc/{one}/statm").read_text().split()[1] for one in pids if _is_there(one)]
    return sum(int(pages) for pages in told) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}/statm").exists()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
