"""`manage.py run`, which `make run` ends in, as real processes."""

import json
import socket
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from config import processes
from config.processes import CALM_SECONDS, Process, Together, free_port
from tests.embedded import Site, eventually

pytestmark = pytest.mark.processes


def health(site: Site) -> dict:
    with urllib.request.urlopen(f"{site.address}/healthz", timeout=10) as answer:
        return json.load(answer)


@pytest.fixture
def start():
    sites = []

    def started(folder: Path, *options: str, log: Path | None = None) -> Site:
        sites.append(Site(folder, "--no-demo", *options, log=log))
        return sites[-1]

    yield started
    for site in sites:
        site.stop()


def test_run_takes_the_next_port_starts_all_and_ctrl_c_stops_all(start, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        site = start(tmp_path / "var", "--port", str(port))
        assert site.address != f"http://127.0.0.1:{port}"
        assert f"Port {port} is taken" in site.said()
    eventually(lambda: health(site)["workers"] == 1, seconds=90)
    told = health(site)
    assert {name: told[name] for name in ("database", "broker", "waiting")} == {
        "database": "ok",
        "broker": "ok",
        "waiting": 0,
    }
    assert told["queues"].keys() == {"cpu", "gpu"}
    children = site.children()
    assert len(children) >= 3
    assert site.stop() == 0
    assert "Everything is kept" in site.said()
    assert not any(child.is_running() for child in children)


def test_run_refuses_a_second_in_its_folder_and_starts_a_killed_worker_again(
    start, tmp_path, embedded_folder
):
    site = start(embedded_folder(tmp_path / "var"))
    assert site.address
    second = start(site.folder, log=tmp_path / "second.log")
    assert second.process.wait(60) != 0
    assert "runs from this folder already" in second.said()
    eventually(lambda: health(site)["workers"] == 1)
    (worker,) = [c for c in site.children() if "celery" in " ".join(c.cmdline())]
    age = time.time() - worker.create_time()
    time.sleep(max(0, CALM_SECONDS + 1 - age))  # until then it is not started again at once
    worker.kill()
    site.wait_for("The worker ended unexpectedly; starting it again")
    eventually(lambda: any("celery" in " ".join(c.cmdline()) for c in site.children()))


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if not os.fork():
    print(os.getpid(), file=open(sys.argv[1], "w"), flush=True)
time.sleep(60)
"""


def test_what_does_not_listen_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    """As a web server does that hangs while it starts."""
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
    told = tmp_path / "pid"
    server = Process("server", [sys.executable, "-c", STUBBORN, str(told)])
    with Together([server], print):
        eventually(lambda: told.exists() and told.read_text().strip())
    eventually(lambda: not psutil.pid_exists(int(told.read_text())))
    assert server.ended


def test_free_port_skips_taken_ones():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port
