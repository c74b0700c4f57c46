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
import statistics
import time
from collections import defaultdict

from bench.crowd import Caller, database, inside, processor_seconds, served

POLL, HERE, STAY = 20.0, 45.0, 60.0  # seconds: as in the templates, and at a board


class Visitor(Caller):
    """Walks from board to board."""

    def __init__(self, port: int, cookie: str, boards: list[str], seed: int, log: dict) -> None:
        super().__init__(port, cookie, seed, log)
        self.boards, self.asked = boards, 0

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


async def crowd(told: dict, port: int, seconds: float) -> tuple[dict, int]:
    log: dict = defaultdict(list)
    until = time.monotonic() + seconds
    visitors = [
        Visitor(port, cookie, told["boards"], seed, log)
        for seed, cookie in enumerate(told["cookies"])
    ]
    await asyncio.gather(*(visitor.walk(until) for visitor in visitors))
    return log, sum(visitor.asked for visitor in visitors)


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
    with database() as environment:
        measure(environment, chosen)


def measure(environment: dict, chosen: argparse.Namespace) -> None:
    made = inside(
        "import json; from bench.poster_hall import prepare; "
        f"print(json.dumps(prepare({chosen.visitors}, {chosen.boards})))",
        environment,
    )
    told = json.loads(made.splitlines()[-1])
    with served(environment, chosen.workers) as (port, pid):
        seconds = chosen.minutes * 60
        print(
            f"{chosen.visitors} visitors, {chosen.boards} boards, {seconds:.0f} s, "
            f"{chosen.workers} web processes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        began, used = time.monotonic(), processor_seconds(pid)
        log, asked = asyncio.run(crowd(told, port, seconds))
        seconds, used = time.monotonic() - began, processor_seconds(pid) - used
        counted = inside(
            "from submissions.programme.models import Question; print(Question.objects.count())",
            environment,
        )
        report(log, asked, int(counted.split()[-1]), seconds, used)


if __name__ == "__main__":
    main()
