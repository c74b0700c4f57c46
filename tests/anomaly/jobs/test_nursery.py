"""The process that forks the children: what happens to them when it, or they, are killed."""

import ast
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anomaly.datasets import sandbox
from anomaly.jobs import nursery
from tests.anomaly.jobs.conftest import children_of, eventually, gone

Start = Callable[[str], nursery.Child]
ROOT = Path(__file__).resolve().parents[3]


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


def test_nursery_never_asks_for_the_gpu_and_its_child_may():
    """CUDA that has begun before a fork works in no child. The build of torch in this suite knows
    no GPU, so it is made to believe that it does, and whoever asks the driver is written down."""
    script = """if True:
        import os, torch
        asked = []
        torch.cuda._is_compiled = lambda: True
        torch._C._cuda_getDeviceCount = lambda: asked.append("driver") or 0
        torch.cuda._device_count_nvml = lambda: 0
        from anomaly.jobs import nursery
        nursery.load()
        loaded = torch.cuda.is_initialized(), nursery.is_spoilt(), list(asked)
        torch.cuda.is_available()
        by_the_list = list(asked)
        if not (pid := os.fork()):
            os._exit(7 if torch.cuda._is_in_bad_fork() else 0)
        forked = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        del os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"]
        torch.cuda.is_available()
        torch.cuda._initialized = True
        print([loaded, by_the_list, forked, asked, nursery.is_spoilt()])
    """
    said = subprocess.check_output([sys.executable, "-c", script], text=True, cwd=ROOT)
    quiet = (False, False, [])
    control = (["driver"], True)  # without the guard the driver is asked, and it is noticed
    assert ast.literal_eval(said) == [quiet, [], 0, *control]


def test_child_of_a_nursery_in_which_cuda_has_begun_is_started_anew(start):
    def command(pid: int) -> str:
        return Path(f"/proc/{pid}/cmdline").read_text()

    pid = born(start("job.start=sleep:60"))
    assert "anomaly.jobs.nursery" in command(pid)
    nursery.close()
    child = start("nursery.spoilt=1;job.start=sleep:60")
    pid = born(child)
    eventually(lambda: "anomaly.jobs.child" in command(pid), within=10)
    sandbox.kill(child)
    assert start("job.start=memory").wait(60) == 137
