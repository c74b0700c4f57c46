"""`manage.py run`, which `make run` ends in, as real processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from config.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.processes


class Site:
    """An embedded site in its own folder, started as the README says."""

    def __init__(self, folder: Path, *options: str) -> None:
        keep = ("PATH", "HOME", "LANG", "TMPDIR")
        environment = {name: os.environ[name] for name in keep if name in os.environ}
        environment |= {"PODIUM_VAR": str(folder), "PODIUM_LOOK": "0.5"}
        self.output = (folder.parent / f"{folder.name}.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run", *options],
            cwd=ROOT,
            env=environment,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self) -> str:
        return Path(self.output.name).read_text()

    def wait_for(self, pattern: str, seconds: float = 90) -> re.Match:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.said()):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"{pattern!r} was not said; instead:\n{self.said()}")

    @property
    def address(self) -> str:
        return self.wait_for(r"Podium runs at (http://\S+)")[1]

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.output.close()
        return self.process.wait(60)


@pytest.fixture
def start(tmp_path):
    sites = []

    def started(*options: str, folder: str = "var") -> Site:
        sites.append(Site(tmp_path / folder, *options))
        return sites[-1]

    yield started
    for site in sites:
        site.stop()


def health(site: Site) -> dict:
    with urllib.request.urlopen(f"{site.address}/healthz", timeout=10) as answer:
        return json.load(answer)


def eventually(question, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.2)


def test_run_starts_all_and_ctrl_c_stops_all(start):
    site = start("--no-demo")
    eventually(lambda: health(site)["workers"] == 1)
    assert health(site) | {"workers": 1} == {
        "database": "ok",
        "broker": "ok",
        "workers": 1,
        "waiting": 0,
        "oldest_waiting_seconds": None,
    }
    children = site.children()
    assert len(children) >= 3
    assert site.stop() == 0
    assert "Everything is kept" in site.said()
    assert not any(child.is_running() for child in children)


def test_run_on_a_taken_port_takes_the_next_and_says_so(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        site = start("--no-demo", "--port", str(port))
        assert site.address != f"http://127.0.0.1:{port}"
        assert f"Port {port} is taken" in site.said()


def test_second_run_from_the_same_folder_is_refused(start):
    first = start("--no-demo")
    assert first.address
    second = start("--no-demo")
    assert second.process.wait(60) != 0
    assert "runs from this folder already" in second.said()


def test_killed_worker_is_started_again(start):
    site = start("--no-demo")
    eventually(lambda: health(site)["workers"] == 1)
    time.sleep(6)  # what ends within its first seconds is not started again at once
    (worker,) = [c for c in site.children() if "celery" in " ".join(c.cmdline())]
    worker.kill()
    site.wait_for("The worker ended unexpectedly; starting it again")
    eventually(lambda: any("celery" in " ".join(c.cmdline()) for c in site.children()))


def test_free_port_skips_taken_ones():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port
