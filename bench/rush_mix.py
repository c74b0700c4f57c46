"""Everybody at once (L1): of all requests 55 % are pages, 35 % saves of what is being written, 5 %
the button that hands in, and 5 % uploads of 1 MB; `--rate` of them a second for `--seconds`.

What was told to be saved, handed in or uploaded must be there at the end.
"""

from __future__ import annotations

import argparse
import random

import site_under_test as site
from deadline_rush import Client, Deed, session_of
from rush_drafts import Writer
from rush_drafts import verify as verify_texts
from rush_uploads import Table as OneTable
from rush_uploads import Team, read

WRITERS = 300
MEGABYTE = 1_000_000
PAGES, SAVES, SUBMITS = 0.55, 0.35, 0.05  # the rest uploads


def prepare(event, options: argparse.Namespace) -> list[Deed]:
    chance = random.Random(options.seed)
    people = [site.make_author(event, number) for number in range(WRITERS)]
    sessions = [session_of(user) for user, _draft in people]
    writers = [
        Writer(Client(session), draft)
        for session, (_user, draft) in zip(sessions, people, strict=True)
    ]
    deeds = [first_look(writer, chance) for writer in writers]
    for number in range(int(options.rate * options.seconds)):
        which = chance.randrange(WRITERS)
        at = WARM + options.seconds * chance.random()
        who = writers[which], sessions[which], options.signed_in
        deeds.append(one(chance, at, number, event, *who))
    return deeds


WARM = 20.0  # seconds in which each opens the page on which to write


def first_look(writer: Writer, chance: random.Random) -> Deed:
    return Deed(at=WARM * 0.8 * chance.random(), run=writer.open, told=writer.told)


def one(
    chance, at: float, number: int, event, writer: Writer, session: str, signed_in: float
) -> Deed:
    kind = chance.random()
    if kind < PAGES:
        page = chance.choice(["/", f"/events/{event.slug}/", f"/events/{event.slug}/"])
        if chance.random() < signed_in:
            return Deed(at=at, run=lambda _anybody: Client(session).get("own view", page))
        return Deed(at=at, run=read(page))
    if kind < PAGES + SAVES:
        return Deed(at=at, run=writer.save, told=writer.told)
    if kind < PAGES + SAVES + SUBMITS:
        return Deed(at=at, run=writer.submit, told=writer.told)
    deed = Deed(at=at, run=lambda client: None)
    team = Team(session, writer.draft, OneTable(number, MEGABYTE), deed.told, clicks=0)
    deed.run = lambda _client: team.upload(Client(session))
    return deed


def unfinished() -> bool:
    return False  # the tables wait to be read, and nobody waits for that


def verify(deeds: list[Deed], options: argparse.Namespace) -> list[str]:
    from anomaly.datasets.models import Dataset
    from anomaly.jobs.invariants import broken

    uploads = [deed.told for deed in deeds if "submission" in deed.told and "sha256" in deed.told]
    kept = {d.sha256 for d in Dataset.objects.all() if d.path.is_file()}
    found = set(Dataset.objects.values_list("submission_id", "sha256"))
    wrong = [
        f"upload of {one['submission']} is not there"
        for one in uploads
        if (one["submission"], one["sha256"]) not in found or one["sha256"] not in kept
    ]
    written = [deed for deed in deeds if "text" in deed.told]
    return [*wrong, *verify_texts(written, options), *broken()]
