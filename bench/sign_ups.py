"""Many sign up, and then many sign in at once, while others read pages (L4).

    python bench/sign_ups.py --minutes 10 --rate 5 --storm 20

Starts PostgreSQL, Redis and gunicorn; each sign-up is a page and a form, with a password's hash and
a row of mail. Then a minute of sign-ins at `--storm` a second beside two pages a second. An answer
503 with Retry-After is tried again, as a browser's owner would. Nobody may be lost.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.parse

import deadline_rush as rush
import site_under_test as site

PASSWORD = "correct horse battery"


def from_(number: int) -> dict[str, str]:
    """Each person has an address of their own, or the limit for one address would be measured."""
    own = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": own}


def form(**fields: str) -> bytes:
    return urllib.parse.urlencode(fields).encode()


def sign_up(number: int):
    def run(client: rush.Client) -> None:
        client.get("sign-up page", "/accounts/signup/")
        person = {"email": f"new{number}@example.org", "name": f"New {number}"}
        told = form(**person, password1=PASSWORD)
        client.post("sign-up", "/accounts/signup/", told, **from_(number))

    return run


def sign_in(number: int):
    def run(client: rush.Client) -> None:
        told = form(login=f"known{number}@example.org", password=PASSWORD)
        client.post("sign-in", "/accounts/login/", told, **from_(number))

    return run


def read(client: rush.Client) -> None:
    client.get("page beside it", "/events/rush/")


def make_known(count: int) -> None:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    hashed = make_password(PASSWORD)
    people = User.objects.bulk_create(
        User(email=f"known{n}@example.org", name=f"Known {n}", password=hashed)
        for n in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people
    )


def figures() -> dict[str, dict[str, object]]:
    return {
        kind: {
            "asked": len(seconds),
            "median_ms": round(1000 * site.percentile(seconds, 0.5)),
            "p95_ms": round(1000 * site.percentile(seconds, 0.95)),
            "answers": {str(status): n for status, n in sorted(rush.ANSWERS[kind].items())},
            "tried_again": rush.REPEATED[kind],
        }
        for kind, seconds in rush.TOOK.items()
    }


def run(options: argparse.Namespace) -> dict[str, object]:
    from accounts.models import User
    from notices.models import Mail

    ups = int(60 * options.minutes * options.rate)
    ins = int(options.seconds * options.storm)
    make_known(ins)
    calm = [rush.Deed(n / options.rate, sign_up(n)) for n in range(ups)]
    _, late = rush.play(calm, speed=1)
    storm = [rush.Deed(n / options.storm, sign_in(n)) for n in range(ins)]
    storm += [rush.Deed(n / 2, read) for n in range(2 * options.seconds)]
    _, later = rush.play(storm, speed=1)
    accounts = User.objects.filter(email__startswith="new").count()
    mails = Mail.objects.filter(address__startswith="new").count()
    return {
        "machine": site.machine(),
        "figures": figures(),
        "generator_late_s": [round(late, 1), round(later, 1)],
        "lost": ups - accounts,
        "without_mail": ups - mails,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=5, help="sign-ups a second")
    parser.add_argument("--storm", type=float, default=20, help="sign-ins a second")
    parser.add_argument("--seconds", type=int, default=60, help="that the sign-ins last")
    options = parser.parse_args()
    os.environ["PODIUM_BEHIND_PROXY"] = "1"  # so that it believes X-Forwarded-For
    with site.servers():
        site.make_event("rush")
        where = ("--bind", f"127.0.0.1:{rush.PORT}", "--workers", "2", "--threads", "4")
        web = site.Process("web", "-m", "gunicorn", "config.wsgi", *where, "--timeout", "120")
        try:
            while rush.Client().once("GET", "/healthz", b"", {})[0] != 200:
                time.sleep(0.2)
            told = run(options)
        finally:
            web.stop()
    print(json.dumps(told, indent=2))
    sys.exit(1 if told["lost"] or told["without_mail"] else 0)


if __name__ == "__main__":
    main()
