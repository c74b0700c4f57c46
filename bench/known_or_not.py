"""Does the time of an answer tell who has an account (B66, B67)? Medians side by side.

    python bench/known_or_not.py --rounds 40

In the process, on a PostgreSQL of its own, with the site's own hash; known and unknown addresses
take turns, in an order by chance. Sign-in is with a wrong password. Mail waits in the outbox and is
sent by another process.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time

import site_under_test as site

PASSWORD = "correct horse battery"
FLOWS = {
    "sign in": ("account_login", lambda who: {"login": who, "password": "a wrong password"}),
    "sign up": (
        "account_signup",
        lambda who: {"email": who, "name": "Somebody", "password1": PASSWORD},
    ),
    "reset the password": ("account_reset_password", lambda who: {"email": who}),
    "a code by mail": ("account_request_login_code", lambda who: {"email": who}),
}


def make_known(count: int) -> list[str]:
    from accounts.models import User

    people = [User.objects.create_user(f"known{n}@example.org", PASSWORD) for n in range(count)]
    for one in people:
        one.emailaddress_set.create(email=one.email, verified=True, primary=True)
    return [one.email for one in people]


def ask(address: str, fields: dict[str, str], number: int) -> tuple[float, int]:
    """Milliseconds, and how often the database was asked."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    cache.clear()  # the limits are measured elsewhere
    browser = Client(headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        status = browser.post(address, fields).status_code
        took = time.perf_counter() - began
    assert status in (200, 302), status
    return 1000 * took, len(queries)


def run(rounds: int, chance: random.Random) -> dict[str, object]:
    from django.urls import reverse

    told: dict[str, object] = {"machine": site.machine()}
    known = make_known(rounds)
    for flow, (name, form) in FLOWS.items():
        took: dict[str, list[float]] = {"known": [], "unknown": []}
        asked: dict[str, set[int]] = {"known": set(), "unknown": set()}
        for number, address in enumerate(known):
            pair = [("known", address), ("unknown", f"{flow[:6].strip()}{number}@example.org")]
            for kind, who in chance.sample(pair, 2):
                seconds, queries = ask(reverse(name), form(who.replace(" ", "")), number)
                took[kind].append(seconds)
                asked[kind].add(queries)
        medians = {kind: round(statistics.median(each[3:]), 1) for kind, each in took.items()}
        ratio = round(medians["known"] / medians["unknown"], 2)
        told[flow] = {
            "median_ms": medians,
            "known_to_unknown": ratio,
            "queries": {kind: sorted(each) for kind, each in asked.items()},
        }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with site.servers():
        print(json.dumps(run(options.rounds, random.Random(options.seed)), indent=2))


if __name__ == "__main__":
    main()
