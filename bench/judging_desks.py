"""300 judges at their desks (load L5): the list polled every 10 s, a score each every 20 s.

    .venv/bin/python -m bench.judging_desks [--judges 300] [--submissions 1060] [--minutes 1]

A site of its own is started and stopped. Printed: p95, the share of polls that are answered 304,
score sheets lost; then, for every submission scored by five judges on six criteria, how long the
database takes to hand over the scores and how long ranking them takes. Judges run in a process of
their own, which takes its part of the machine's cores. A poll after the judge's own score cannot be
a 304, as the list shows it; with these rates that is every second one, so they are counted apart.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import time
from collections import defaultdict
from typing import Any

from bench.crowd import Caller, database, inside, processor_seconds, served

POLL, SCORE = 10.0, 20.0
OPENING = 30.0  # within which all have opened the page, before anything is measured


class Judge(Caller):
    """Who has the list open, and sends a score sheet every twenty seconds."""

    def __init__(self, port: int, told: dict, desk: str, fields: list[str], log: dict) -> None:
        super().__init__(port, told["cookie"], told["seed"], log)
        self.desk, self.sheets, self.fields = desk, list(told["sheets"]), fields
        self.sent, self.state = 0, ""

    async def open(self) -> None:
        await asyncio.sleep(self.random.uniform(0, OPENING))  # nobody opens the page in step
        _status, fields, _body = await self.ask("page", "GET", self.desk)
        self.state = fields.get("etag", "")

    async def work(self, until: float) -> None:
        await asyncio.sleep(self.random.uniform(0, POLL))
        scores = time.monotonic() + self.random.uniform(0, SCORE)
        while time.monotonic() < until:
            scored = time.monotonic() >= scores and bool(self.sheets)
            if scored:
                await self.submit(self.sheets.pop())
                scores += SCORE
            htmx = {"HX-Request": "true", "If-None-Match": self.state}
            kind = "scored" if scored else "poll"
            _status, fields, _body = await self.ask(kind, "GET", self.desk, **htmx)
            self.state = fields.get("etag", self.state)
            await asyncio.sleep(POLL * self.random.uniform(0.9, 1.1))
        if self.writer is not None:
            self.writer.close()

    async def submit(self, sheet: str) -> None:
        steps = "&".join(f"{name}={self.random.randint(1, 5)}" for name in self.fields)
        status, *_ = await self.ask("score", "POST", sheet, f"version=0&submit=1&{steps}")
        self.sent += status == 302


def prepare(judges: int, submissions: int) -> dict:
    """Runs inside Django: judges with sessions, four sheets for each submission."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from judging.panel.models import Assignment

    event, people, entries = make_event("desks", judges, submissions, criteria=4)
    dealt = [people[n % judges] for n in range(4 * submissions)]
    Assignment.objects.bulk_create(
        [
            Assignment(judge=judge, submission=entries[n // 4], reason="even")
            for n, judge in enumerate(dealt)
        ],
        ignore_conflicts=True,
    )
    sheets = defaultdict(list)
    for judge, submission in Assignment.objects.values_list("judge_id", "submission_id"):
        sheets[judge].append(f"/events/desks/judging/{submission}/")
    told = []
    for seed, person in enumerate(people):
        store = SessionStore()
        store[SESSION_KEY] = str(person.pk)
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.save()
        told.append({"seed": seed, "cookie": store.session_key, "sheets": sheets[person.pk]})
    fields = [f"criterion_{criterion.pk}" for criterion in event.criteria.all()]
    return {"judges": told, "fields": fields, "desk": "/events/desks/judging/"}


def make_event(slug: str, judges: int, submissions: int, criteria: int) -> tuple:
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import User
    from events.models import Event, Role, Team
    from submissions.entries.entry_types import use_default_types
    from submissions.entries.models import Submission

    event = Event.objects.create(slug=slug, name=slug, state="published")
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1)}
    event.phases.create(kind="judging", **window)
    track = event.tracks.create(slug="open", name="Open", position=1)
    use_default_types(None, event)
    for number in range(criteria):
        event.criteria.create(name=f"C{number}", question="?", position=number)
    people = User.objects.bulk_create(
        User(email=f"{slug}{n}@example.org", name=f"Judge {n}", password="!") for n in range(judges)
    )
    Role.objects.bulk_create(Role(event=event, user=user, kind="judge") for user in people)
    teams = Team.objects.bulk_create(
        Team(event=event, name=f"{slug} {n}") for n in range(submissions)
    )
    made = {"event": event, "entry_type": event.entry_types.first(), "track": track}
    entries = Submission.objects.bulk_create(
        Submission(
            team=team, state="submitted", submitted_at=now, title=team.name, summary="S", **made
        )
        for team in teams
    )
    return event, people, entries


def ranked(submissions: int) -> None:
    """Runs inside Django: five judges a submission, six criteria; prints how long ranking takes."""
    from django.db import connection
    from django.utils import timezone

    from judging.ballots.models import Ballot, Score
    from judging.ballots.tally import gather
    from judging.panel.models import Assignment
    from judging.ranking import fit_ranking

    event, people, entries = make_event("ranked", 100, submissions, criteria=6)
    made = Assignment.objects.bulk_create(
        Assignment(judge=people[(7 * n + k) % 100], submission=entry, reason="even")
        for n, entry in enumerate(entries)
        for k in range(5)
    )
    now, chance = timezone.now(), random.Random(0)
    ballots = Ballot.objects.bulk_create(
        Ballot(assignment=one, state="submitted", submitted_at=now, version=1) for one in made
    )
    criteria = list(event.criteria.all())
    Score.objects.bulk_create(
        Score(ballot=ballot, criterion=criterion, value=chance.randint(1, 5))
        for ballot in ballots
        for criterion in criteria
    )
    read, fitted, asked = [], [], []

    def timed(execute: Any, *statement: Any) -> Any:
        before = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            asked[-1] += time.perf_counter() - before

    for _time in range(5):
        asked.append(0.0)
        began = time.perf_counter()
        with connection.execute_wrapper(timed):
            columns, options = gather(event).arrays()
        between = time.perf_counter()
        fit_ranking(*columns, **options)
        read.append(between - began)
        fitted.append(time.perf_counter() - between)
    rows = len(columns[0])
    print(
        f"{submissions} submissions, {rows} scores: read {1000 * statistics.median(read):.0f} ms, "
        f"{1000 * statistics.median(asked):.0f} of them in SQL, "
        f"ranked {1000 * statistics.median(fitted):.0f} ms (medians of 5)"
    )


async def crowd(told: dict, port: int, seconds: float, pid: int) -> tuple[dict, int, float, float]:
    """(times by kind, sheets accepted, seconds, seconds of a processor)."""
    log: dict = defaultdict(list)
    judges = [Judge(port, one, told["desk"], told["fields"], log) for one in told["judges"]]
    await asyncio.gather(*(judge.open() for judge in judges))
    log.clear()
    began, used = time.monotonic(), processor_seconds(pid)
    await asyncio.gather(*(judge.work(began + seconds) for judge in judges))
    used = processor_seconds(pid) - used
    return log, sum(judge.sent for judge in judges), time.monotonic() - began, used


def report(log: dict, sent: int, kept: int, seconds: float, used: float) -> None:
    statuses, failed = log.pop("statuses", []), log.pop("failed", [])
    total = sum(len(times) for times in log.values())
    print(f"\n{'request':<8}{'number':>8}{'median ms':>12}{'p95 ms':>10}")
    for kind, times in sorted(log.items()):
        ordered = sorted(times)
        late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] * 1000
        print(f"{kind:<8}{len(times):>8}{statistics.median(times) * 1000:>12.0f}{late:>10.0f}")
    for kind, told in (("poll", "other polls"), ("scored", "polls after an own score")):
        polls = [status for status in statuses if status.startswith(f"{kind} ")]
        same = polls.count(f"{kind} 304") / max(1, len(polls))
        print(f"{100 * same:.0f} % of {len(polls)} {told} answered 304")
    print(f"{len(failed)} requests failed")
    cost = 1000 * used / max(1, total)
    print(f"{total / seconds:.0f} requests a second, {cost:.1f} ms of a processor for each")
    print(f"score sheets accepted {sent}, in the database {kept}, lost {sent - kept}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--judges", type=int, default=300)
    options.add_argument("--submissions", type=int, default=1060)
    options.add_argument("--minutes", type=float, default=1.0)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    with database() as environment:
        measure(environment, chosen)


def measure(environment: dict, chosen: argparse.Namespace) -> None:
    made = inside(
        "import json; from bench.judging_desks import prepare; "
        f"print(json.dumps(prepare({chosen.judges}, {chosen.submissions})))",
        environment,
    )
    told = json.loads(made.splitlines()[-1])
    with served(environment, chosen.workers) as (port, pid):
        seconds = chosen.minutes * 60
        print(
            f"{chosen.judges} judges, {chosen.submissions} submissions, {seconds:.0f} s, "
            f"{chosen.workers} web processes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        log, sent, seconds, used = asyncio.run(crowd(told, port, seconds, pid))
        count = "Ballot.objects.filter(state='submitted').count()"
        kept = inside(
            f"from judging.ballots.models import Ballot; print({count})", environment
        ).split()[-1]
        report(log, sent, int(kept), seconds, used)
    ranks = f"from bench.judging_desks import ranked; ranked({chosen.submissions})"
    print(inside(ranks, environment).splitlines()[-1])


if __name__ == "__main__":
    main()
