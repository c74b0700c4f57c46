"""The process that forks the children: what happens to them when it, or they, are killed."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anomaly.datasets import sandbox
from anomaly.jobs import nursery
from tests.anomaly.jobs.conftest import children_of, eventually, gone

Start = Callable[[str], nursery.Child]


@pytest.fixture
def start(tmp_path, monkeypatch) -> Iterator[Start]:
    """`start("job.start=sleep:60")` begins an attempt at a stub's job."""
    order = {"device": "cpu", "seconds": 60, "filename": "t.csv", "seed": 0}
    orders = iter(range(10))

    def begin(fault: str) -> nursery.Child:
        number = next(orders)
        path = tmp_path / f"order-{number}.json"
        path.write_text(json.dumps(order | {"out": str(tmp_path / f"out-{number}")}))
        monkeypatch.setenv("PODIUM_FAULTS", f"job.stub=0;{fault}")
        with (tmp_path / "log").open("wb") as log:
            child = nursery.start(path, log)
        child.stdout.close()
        return child

    nursery.close()
    yield begin
    nursery.close()


def home() -> int:
    """The nursery's process id."""
    return nursery._open[0]._process.pid


def born(child: nursery.Child) -> int:
    eventually(lambda: child.pid != home(), within=10)
    return child.pid


def test_one_nursery_bears_them_all_and_they_end_as_they_do(start):
    assert start("job.start=memory").wait(60) == 137
    first = home()
    assert start("job.start=segv").wait(60) == -signal.SIGSEGV
    assert (home(), children_of(first)) == (first, [])


def test_killed_child_leaves_the_nursery_alive(start):
    child = start("job.start=sleep:60")
    pid = born(child)
    sandbox.kill(child)
    assert gone(pid)
    assert child.returncode == -signal.SIGKILL
    assert not gone(home())


def test_f01_killed_nursery_takes_its_child_with_it_and_another_follows(start):
    child = start("job.start=sleep:60")
    pid, first = born(child), home()
    os.kill(first, signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL
    eventually(lambda: gone(pid), within=3)
    assert start("job.start=device").wait(60) == 76
    assert home() != first


def test_unborn_child_can_be_killed_and_need_not_say_what_it_did(start):
    child = start("nursery.start=sleep:60")
    assert child.pid == home()
    child.terminate()
    assert child.poll() is None
    sandbox.kill(child)
    assert child.returncode == -signal.SIGKILL


def test_idle_nursery_ends_and_the_next_attempt_opens_another(start, monkeypatch):
    assert start("job.start=memory").wait(60) == 137
    nursery._open[0]._process.send_signal(signal.SIGTERM)
    nursery._open[0]._process.wait(10)
    assert start("job.start=memory").wait(60) == 137


def test_child_has_no_credentials_and_nothing_of_the_nursery_open(start, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    child = start("job.start=sleep:60")
    pid = born(child)
    eventually(lambda: os.readlink(f"/proc/{pid}/fd/0") == os.devnull, within=10)
    surroundings = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"secret" not in surroundings
    assert b"PATH" in surroundings
    kinds = [os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()]
    assert not [kind for kind in kinds if kind.startswith("socket:")]
    sandbox.kill(child)


def test_child_that_was_left_alone_is_not_heard_by_the_next(start):
    """A supervisor that lost its lease may leave without a word."""
    left = start("job.start=sleep:60")
    born(left)
    with pytest.raises(subprocess.TimeoutExpired):
        left.wait(0)
    assert start("job.start=memory").wait(60) == 137
    assert left.returncode == -signal.SIGKILL
