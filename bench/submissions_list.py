"""The organizers' table over many submissions: queries and time to the first byte, in the process.

    python -m bench.submissions_list [--count 10000] [--rounds 20]

Fills a fresh PostgreSQL of its own with one event of posters; asks for the table, filtered,
searched and sorted; prints the queries, the median and the 95th percentile of the seconds, and the
processor time of the web process alone, which other programs on the machine do not change much.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING, Any

from bench.site_under_test import machine, servers

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

ASKED = ["", "?q=variational", "?order=-submitted", "?columns=by&columns=affiliations", "?page=100"]


def fill(count: int) -> User:
    from django.utils import timezone

    from accounts.models import User
    from events.models import Event, Role
    from submissions.entries.entry_types import POSTER, create_type
    from submissions.entries.models import Author, Submission

    user = User.objects.create_user("bench@podium.example", None, name="Bench")
    event = Event.objects.create(slug="bench", name="Bench", kind=Event.Kind.CONFERENCE)
    Role.objects.create(event=event, user=user, kind=Role.Kind.OWNER)
    tracks = [event.tracks.create(slug=f"t{n}", name=f"Track {n}", position=n) for n in range(6)]
    kind = create_type(None, event, **POSTER)
    made = Submission.objects.bulk_create(
        [
            Submission(
                event=event,
                entry_type=kind,
                track=tracks[n % 6],
                title=f"Poster {n}",
                summary="What it is about, in two sentences.",
                description=("Variational" if n % 50 == 0 else "Plain") + " text. " * 200,
                state=Submission.State.SUBMITTED,
                submitted_at=timezone.now(),
            )
            for n in range(count)
        ],
        batch_size=1_000,
    )
    Author.objects.bulk_create(
        [Author(submission=one, position=0, name="First", affiliation="Here") for one in made],
        batch_size=1_000,
    )
    return user


def measure(browser: Client, query: str, rounds: int) -> None:
    from django.db import connection

    path, asked = f"/events/bench/submissions/{query}", []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    took, worked = [], time.process_time()
    for _round in range(rounds):
        began = time.perf_counter()
        browser.get(path)
        took.append(time.perf_counter() - began)
    worked = (time.process_time() - worked) / rounds
    p95 = sorted(took)[int(0.95 * (len(took) - 1))]
    median = statistics.median(took)
    print(
        f"{query or '(all)':36} {len(asked):3} queries  median {median:.3f} s  p95 {p95:.3f} s"
        f"  processor {worked:.3f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with servers():
        from django.conf import settings
        from django.db import connection
        from django.test import Client

        settings.ALLOWED_HOSTS = ["testserver"]
        browser = Client()
        browser.force_login(fill(options.count))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{options.count} submissions, PostgreSQL; {machine()}")
        for query in ASKED:
            measure(browser, query, options.rounds)


if __name__ == "__main__":
    main()
