"""An organizer among very many people (L8): list, search and export, in the process.

    python bench/many_people.py --people 250000 --rounds 30

A PostgreSQL of its own, rows made by the database. Prints median and 95th percentile of each page,
the seconds of the whole export, and how much memory the process grew by in it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import time

import site_under_test as site


def fill(people: int):
    from django.db import connection

    from accounts.models import User
    from events.models import Role

    event = site.make_event("crowded")
    owner = User.objects.create_user("owner@example.org", None, name="Owner")
    owner.emailaddress_set.create(email=owner.email, verified=True, primary=True)
    Role.objects.create(event=event, user=owner, kind=Role.Kind.OWNER)
    columns = [field.column for field in User._meta.concrete_fields if field.column != "id"]
    told = {"email": "'person' || n || '@example.org'", "name": "'Person ' || md5(n::text)"}
    values = ", ".join(told.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_user ({names}) SELECT {values}"
            " FROM accounts_user, generate_series(1, %s) AS n WHERE id = %s",
            [people, owner.pk],
        )
        cursor.execute(
            """INSERT INTO events_registration
            (event_id, user_id, state, reason, ticket, created_at)
            SELECT %s, id, 'confirmed', '', 'ticket' || id, now() - id %% 60 * interval '1 day'
            FROM accounts_user WHERE email LIKE 'person%%'""",
            [event.pk],
        )
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        trigrams = bool(cursor.fetchone()[0])
    return event, owner, trigrams


def took(browser, address: str, queries: list[str]) -> dict[str, float]:
    seconds = []
    for query in queries:
        began = time.perf_counter()
        answer = browser.get(f"{address}?{query}")
        seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200
    return {
        "median_ms": round(1000 * statistics.median(seconds)),
        "p95_ms": round(1000 * site.percentile(seconds, 0.95)),
    }


def memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(browser, address: str) -> dict[str, float]:
    before, size, lines = memory_mib(), 0, 0
    began, worked = time.perf_counter(), time.process_time()
    for part in browser.get(address).streaming_content:
        size, lines = size + len(part), lines + part.count(b"\n")
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(time.process_time() - worked, 1),
        "rows": lines - 1,
        "mib": round(size / 2**20, 1),
        "grew_by_mib": round(memory_mib() - before),
        "process_mib": round(memory_mib()),
    }


def run(options: argparse.Namespace) -> dict[str, object]:
    from django.test import Client
    from django.urls import reverse

    chance = random.Random(options.seed)
    event, owner, trigrams = fill(options.people)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(owner)
    address = reverse("events:people", args=[event.slug])
    keys = sorted(event.registrations.values_list("pk", flat=True))
    browser.get(address)  # templates are read once
    rounds = range(options.rounds)
    numbers = [chance.randrange(options.people) for _round in rounds]
    return {
        "machine": site.machine(),
        "people": len(keys),
        "pg_trgm": trigrams,
        "list": took(browser, address, [f"before={chance.choice(keys)}" for _round in rounds]),
        "search": took(browser, address, [f"q=person{number}@" for number in numbers]),
        "search_by_many_hits": took(browser, address, ["q=person", "q=example.org"] * 5),
        "search_inside_words": took(browser, address, [f"q=erson{number}@e" for number in numbers]),
        "search_for_nobody": took(browser, address, [f"q=nobody{number}" for number in numbers]),
        "export_csv": export(browser, reverse("events:people_export", args=[event.slug, "csv"])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with site.servers():
        print(json.dumps(run(options), indent=2))


if __name__ == "__main__":
    main()
