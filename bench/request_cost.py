"""What one request of the L1 mix costs: processor milliseconds of Python and of PostgreSQL.

    python bench/request_cost.py --number 100
    python bench/request_cost.py --profile autosave      # where they go

The site's WSGI application is called in this process, one request after the other, so that nothing
waits and nothing else is counted: no web server, no network, no player. From these figures follows
how many processor cores a rate of requests needs.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import os
import pstats
import random
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import site_under_test as site

TOKEN = "a" * 32
FORM = "application/x-www-form-urlencoded"
SHARES = {"home": 0.55 / 3, "event page": 0.55 * 2 / 3, "autosave": 0.35, "submit": 0.05}
BOUNDARY = "podium-cost"


class Browser:
    """Asks the application without a network."""

    def __init__(self, session: str = "") -> None:
        from django.core.wsgi import get_wsgi_application

        self.application, self.body = get_wsgi_application(), b""
        self.cookie = f"podium={session}; csrf={TOKEN}" if session else ""

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = FORM) -> int:
        told: list[int] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": self.cookie,
            "HTTP_X_CSRFTOKEN": TOKEN,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }
        answer = self.application(environ, lambda status, _fields: told.append(int(status[:3])))
        self.body = b"".join(answer)
        answer.close()
        return told[0]


class Author:
    """Of one draft, whose text grows."""

    def __init__(self, event, number: int) -> None:
        from deadline_rush import session_of
        from rush_drafts import HIDDEN

        user, self.draft = site.make_author(event, number)
        self.browser, self.hidden = Browser(session_of(user)), HIDDEN
        self.address = f"/events/{event.slug}/submissions/{self.draft.pk}/"
        self.known: dict[str, str] = {}
        self.text = self.draft.description

    def edit(self) -> int:
        status = self.browser.ask("GET", f"{self.address}edit/")
        self.learn()
        return status

    def learn(self) -> None:
        import html

        page = self.browser.body.decode()
        self.known |= {name: html.unescape(value) for name, value in self.hidden.findall(page)}

    def autosave(self) -> int:
        self.text += " One more sentence."
        draft = self.draft
        fields = {
            "track": draft.track_id,
            "title": draft.title,
            "summary": draft.summary,
            "description": self.text,
        }
        body = urlencode(fields | self.known).encode()
        status = self.browser.ask("POST", f"{self.address}autosave/", body)
        self.learn()
        return status

    def submit(self) -> int:
        return self.browser.ask("POST", f"{self.address}submit/")

    def own_page(self) -> int:
        return self.browser.ask("GET", self.address)

    def event_page(self) -> int:
        return self.browser.ask("GET", self.draft.event.get_absolute_url())

    def upload(self) -> int:
        row = b"%.5f,%.5f\n" % (random.random(), random.random())
        table = b"x,y\n" + row * (1_000_000 // len(row))
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
            '"file"; filename="table.csv"\r\nContent-Type: text/csv\r\n\r\n'
        ).encode()
        body = head + table + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.browser.ask("POST", f"{self.address}data/", body, kind)


def kinds(event) -> dict[str, Callable[[int], int]]:
    authors = [Author(event, number) for number in range(10)]
    stranger = Browser()

    def of(what: str) -> Callable[[int], int]:
        return lambda number: getattr(authors[number % len(authors)], what)()

    return {
        "home": lambda _number: stranger.ask("GET", "/"),
        "event page": lambda _number: stranger.ask("GET", event.get_absolute_url()),
        "sign in": lambda _number: stranger.ask("GET", "/accounts/login/"),
        "own event page": of("event_page"),
        "edit": of("edit"),
        "autosave": of("autosave"),
        "submit": of("submit"),
        "own page": of("own_page"),
        "upload": of("upload"),
    }


def measure(ask: Callable[[int], int], number: int, postgres: int) -> dict[str, float]:
    from django.db import connection

    asked: list[str] = []

    def note(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        for one in range(10):
            ask(one)
    python, sql, wall = time.process_time(), site.processor_seconds(postgres), time.monotonic()
    answers = {ask(one) for one in range(number)}
    return {
        "python": 1000 * (time.process_time() - python) / number,
        "postgres": 1000 * (site.processor_seconds(postgres) - sql) / number,
        "wall": 1000 * (time.monotonic() - wall) / number,
        "queries": len(asked) / 10,
        "answers": sorted(answers),
    }


def report(event, options: argparse.Namespace, folder: Path) -> None:
    postgres = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    print(f"{site.machine()}; {options.number} requests of each kind")
    print(
        f"{'request':<16}{'python ms':>10}{'postgres ms':>12}{'wall ms':>9}{'queries':>9}  answers"
    )
    found = {}
    for kind, ask in kinds(event).items():
        one = found[kind] = measure(ask, options.number, postgres)
        print(
            f"{kind:<16}{one['python']:10.2f}{one['postgres']:12.2f}{one['wall']:9.2f}"
            f"{one['queries']:9.1f}  {one['answers']}"
        )
    shares = SHARES | {"upload": 1 - sum(SHARES.values())}
    mean = sum(s * (found[k]["python"] + found[k]["postgres"]) for k, s in shares.items())
    print(f"the L1 mix      {mean:10.2f} ms a request: {1000 / mean:.0f} a second and core")


def profile(event, kind: str, number: int) -> None:
    ask = kinds(event)[kind]
    for one in range(10):
        kinds_answer = ask(one)
    profiler = cProfile.Profile()
    profiler.enable()
    for one in range(number):
        ask(one)
    profiler.disable()
    print(kind, kinds_answer)
    found = pstats.Stats(profiler)
    found.sort_stats("cumulative").print_stats(90)
    found.sort_stats("tottime").print_stats(40)


def statements(event, kind: str) -> None:
    """What one request asks the database, with the milliseconds of each."""
    from django.db import connection

    ask = kinds(event)[kind]
    ask(0)

    def note(execute, sql, *rest):
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            print(f"{1000 * (time.perf_counter() - began):6.2f}  {sql}")

    with connection.execute_wrapper(note):
        ask(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--number", type=int, default=100, help="of requests of each kind")
    parser.add_argument("--profile", default="", help="one kind, in detail, instead of figures")
    parser.add_argument("--statements", default="", help="of one request of this kind")
    options = parser.parse_args()
    os.environ["PODIUM_READ_BYTES"] = "0"  # tables wait to be read, as in the mix
    with site.servers() as folder:
        event = site.make_event("cost")
        if options.profile:
            profile(event, options.profile, options.number)
        elif options.statements:
            statements(event, options.statements)
        else:
            report(event, options, folder)


if __name__ == "__main__":
    main()
