"""The last minutes before a deadline, on one machine: is anything lost, doubled or refused?

    python bench/deadline_rush.py                        # 106 teams, 500 readers
    python bench/deadline_rush.py --times 10             # ten times that, queued
    python bench/deadline_rush.py --scenario drafts      # a thousand people write, pages save
    python bench/deadline_rush.py --scenario mix --queued --rate 125  # L1: all of it at once

Starts PostgreSQL, Redis, gunicorn, one scoring worker and the sweeper, plays the scenario over HTTP
(five minutes, divided by --speed), and compares what clients were told with what the database
holds. Prints p50, p95 and p99 for each kind of request. Exit code 1 if anything was lost or doubled
or a request failed: a 503 with Retry-After that succeeds when repeated is counted, and is no error.

A scenario is a module `rush_<name>` beside this file with `prepare(event, options)`, which makes
people and things and returns the `Deed`s, and `verify(deeds)`, which returns sentences about
what is lost or doubled.
"""

from __future__ import annotations

import argparse
import importlib
import socket
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import site_under_test as site

from tests.servers import free_port

SCENARIOS = ("uploads", "drafts", "mix")
PATIENCE = 120.0  # seconds that a request may take
TRIES = 8
THREADS = 48
PORT = free_port()


@dataclass
class Deed:
    """What one person does at one moment: a request, or several that follow each other."""

    at: float  # seconds of the five minutes
    run: Callable[[Client], None]
    told: dict[str, object] = field(default_factory=dict)  # what the site answered


class Client:
    """A browser of one person, with the time that each of its requests took."""

    def __init__(self, session: str = "") -> None:
        self.headers = {"Cookie": f"podium={session}; csrf={TOKEN}", "X-CSRFToken": TOKEN}
        self.body, self.location = b"", ""  # of the last answer

    def get(self, kind: str, path: str) -> int:
        return self.ask(kind, "GET", path)

    def post(
        self,
        kind: str,
        path: str,
        body: Callable[[], Iterator[bytes]] | bytes = b"",
        **headers: str,
    ) -> int:
        return self.ask(kind, "POST", path, body, headers)

    def ask(self, kind: str, method: str, path: str, body=b"", headers=None) -> int:
        began = time.monotonic()
        for attempt in range(TRIES):
            status, later = self.once(method, path, body, headers or {})
            if status != 503 and status != 0:
                break
            REPEATED[kind] += 1
            time.sleep(min(later, 5) * (1 + attempt / 4))
        with LOCK:
            TOOK[kind].append(time.monotonic() - began)
            ANSWERS[kind][status] += 1
        return status

    def once(self, method: str, path: str, body, headers: dict[str, str]) -> tuple[int, float]:
        """The status, and after how many seconds to come back. HTTP 1.0 by hand: what the player
        costs, the site lacks."""
        told = self.headers | headers
        if not callable(body):
            told["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        asked = f"{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n{head}\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", PORT), PATIENCE) as connection:
                connection.sendall(asked if callable(body) else asked + body)
                for chunk in body() if callable(body) else ():
                    connection.sendall(chunk)
                return self.understand(b"".join(iter(lambda: connection.recv(2**18), b"")))
        except (OSError, ValueError):
            return 0, 1.0

    def understand(self, answer: bytes) -> tuple[int, float]:
        head, _empty, self.body = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        if len(self.body) != int(fields.get("Content-Length", len(self.body))):
            raise ValueError("the answer was cut off")
        self.location = fields.get("Location", "")
        return int(head[9:12]), float(fields.get("Retry-After", 1))


TOKEN = "a" * 32
LOCK = threading.Lock()
TOOK: dict[str, list[float]] = defaultdict(list)
ANSWERS: dict[str, Counter[int]] = defaultdict(Counter)
REPEATED: Counter[str] = Counter()
APART: list[threading.Thread] = []  # of people who wait for long between two requests


def apart(run: Callable[[Client], None]) -> Callable[[Client], None]:
    """Keeps nobody else waiting."""

    def begin(client: Client) -> None:
        thread = threading.Thread(target=run, args=(client,))
        APART.append(thread)
        thread.start()

    return begin


def session_of(user) -> str:
    """Signed in, without the cost of a password's hash, which is measured elsewhere."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def play(deeds: list[Deed], speed: float) -> tuple[float, float]:
    """Runs each deed at its moment, by as many threads as are needed; returns how long it all took
    and by how much the generator itself was late at worst."""
    waiting = sorted(deeds, key=lambda deed: deed.at)
    began, late = time.monotonic(), [0.0]

    def take() -> Deed | None:
        with LOCK:
            return waiting.pop(0) if waiting else None

    def work() -> None:
        client = Client()
        while deed := take():
            wait = began + deed.at / speed - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            late[0] = max(late[0], -wait)
            deed.run(client)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while APART:
        APART.pop().join()
    return time.monotonic() - began, late[0]


class Memory(threading.Thread):
    """Of the web server, looked at every second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.ended = pid, threading.Event()
        self.first = self.most = site.resident(pid)
        self.start()

    def run(self) -> None:
        while not self.ended.wait(1):
            self.most = max(self.most, site.resident(self.pid))

    def __str__(self) -> str:
        return f"{self.first:.0f} MiB at first, {self.most:.0f} at most"


def warm(event) -> None:
    """Until every web process has answered: what each imports first is not measured."""
    for _ in range(60):
        for path in ("/", f"/events/{event.slug}/", "/accounts/login/"):
            Client().once("GET", path, b"", {})


def report(options: argparse.Namespace, took: float, late: float, wrong: list[str]) -> int:
    print(f"{site.machine()}; {' '.join(sys.argv[1:])}")
    print(f"{took:.0f} s; the generator was late by {late:.1f} s at worst")
    print(
        f"{'request':<12}{'number':>8}{'p50 s':>8}{'p95 s':>8}{'p99 s':>8}{'repeated':>10}  answers"
    )
    errors = 0
    for kind, seconds in sorted(TOOK.items()):
        shares = "".join(f"{site.percentile(seconds, p):8.2f}" for p in (0.5, 0.95, 0.99))
        errors += sum(n for status, n in ANSWERS[kind].items() if not 200 <= status < 400)
        print(f"{kind:<12}{len(seconds):>8}{shares}{REPEATED[kind]:>10}  {dict(ANSWERS[kind])}")
    print(f"errors             {errors}")
    print(f"lost or doubled    {len(wrong)}", *wrong[:10], sep="\n  ")
    return int(bool(errors or wrong))


def run(options: argparse.Namespace) -> int:
    scenario = importlib.import_module(f"rush_{options.scenario}")
    event = site.make_event("rush")
    deeds = scenario.prepare(event, options)
    where = ("--bind", f"127.0.0.1:{PORT}", "--workers", str(options.workers))
    where += ("--threads", str(options.threads))
    stub = {"PODIUM_PART_ROWS": "1000000000"}  # it stands for a whole job, not for a part
    if options.queued:
        stub["PODIUM_READ_BYTES"] = "0"
    web = site.Process("web", "-m", "gunicorn", "config.wsgi", *where, "--timeout", "120", **stub)
    worker = site.worker("w", PODIUM_FAULTS="job.stub=0.1")
    sweeper = site.Process("sweeper", "manage.py", "sweep", "--every", "15")
    processes = [web, worker, sweeper]
    try:
        while Client().once("GET", "/healthz", b"", {})[0] != 200:
            time.sleep(0.5)
        warm(event)
        memory = Memory(web.pid)
        shares = site.Shares(web=web.pid, worker=worker.pid, sweeper=sweeper.pid)
        took, late = play(deeds, options.speed)
        shares.stop()
        ended = time.monotonic()
        while (
            not options.queued
            and scenario.unfinished()
            and time.monotonic() - ended < options.limit
        ):
            time.sleep(1)
        after = time.monotonic() - ended
        memory.ended.set()
        wrong = scenario.verify(deeds, options)
    finally:
        for process in processes:
            process.stop()
    print(f"what was queued ended {after:.0f} s later; web server {memory}")
    print(f"processor seconds: {shares}")
    return report(options, took, late, wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scenario", choices=SCENARIOS, default="uploads")
    parser.add_argument("--teams", type=int, default=106)
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--largest", type=float, default=50, help="of a table, in megabytes")
    parser.add_argument("--smallest", type=float, default=1, help="of a table, in megabytes")
    parser.add_argument("--at-once", action="store_true", help="all upload at the same moment")
    parser.add_argument(
        "--queued", action="store_true", help="all tables wait to be read; nobody waits for that"
    )
    parser.add_argument("--times", type=float, default=1, help="as many teams and readers")
    parser.add_argument("--speed", type=float, default=1, help="five minutes in how much less")
    parser.add_argument("--limit", type=float, default=1800, help="seconds for what is queued")
    parser.add_argument("--rate", type=float, default=125, help="of the mix: requests a second")
    parser.add_argument("--seconds", type=float, default=120, help="of the mix")
    parser.add_argument(
        "--signed-in", type=float, default=0, help="of the mix: share of pages of people signed in"
    )
    parser.add_argument("--workers", type=int, default=3, help="web processes")
    parser.add_argument("--threads", type=int, default=16, help="of each web process")
    parser.add_argument("--seed", type=int, default=0)
    with site.servers():
        sys.exit(run(parser.parse_args()))


if __name__ == "__main__":
    sys.modules["deadline_rush"] = sys.modules["__main__"]  # scenarios import what is here
    main()
