"""Teams upload a table and hand in, in the last five minutes; hundreds of people read pages.

Some people press twice: the second click must change nothing. Each upload is read to its last byte,
compared by its SHA-256, and asked to be scored.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import threading
from collections import Counter
from collections.abc import Iterator

import site_under_test as site
from deadline_rush import Client, Deed, session_of

MINUTES = 5
THINKING = 15.0  # seconds between two pages of a reader, on the mean
TWICE = 0.1  # of those who hand in press the button twice
BOUNDARY = "podium-rush"
BLOCK_ROWS = 20_000


class Table:
    """A CSV of about so many bytes; made while it is sent, so that a thousand need no memory."""

    block = b""

    def __init__(self, number: int, size: int) -> None:
        if not Table.block:
            chance = random.Random(0)
            rows = (
                f"{chance.gauss(0, 1):.5f},{chance.gauss(0, 1):.5f}\n" for _ in range(BLOCK_ROWS)
            )
            Table.block = "".join(rows).encode()
        self.first = f"x,y\n{number}.5,{number}.25\n".encode()
        self.blocks = max(1, size // len(Table.block))

    def chunks(self) -> Iterator[bytes]:
        yield self.first
        for _ in range(self.blocks):
            yield Table.block

    @property
    def size(self) -> int:
        return len(self.first) + self.blocks * len(Table.block)

    @property
    def sha256(self) -> str:
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()


HEAD = (
    f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    '"file"; filename="table.csv"\r\nContent-Type: text/csv\r\n\r\n'
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


def prepare(event, options: argparse.Namespace) -> list[Deed]:
    chance = random.Random(options.seed)
    deeds = []
    for number in range(int(options.teams * options.times)):
        user, draft = site.make_author(event, number)
        size = int(1e6 * options.largest ** chance.random())  # from 1 MB, as many of each magnitude
        deed = Deed(at=60 * MINUTES * chance.betavariate(3, 1), run=lambda client: None)
        twice = chance.random() < TWICE
        deed.run = hand_in(session_of(user), draft, Table(number, size), deed.told, twice)
        deeds.append(deed)
    return deeds + readers(event, options, chance)


def readers(event, options: argparse.Namespace, chance: random.Random) -> list[Deed]:
    pages = ["/", f"/events/{event.slug}/", f"/events/{event.slug}/", "/accounts/login/"]
    number = int(options.readers * options.times * 60 * MINUTES / THINKING)
    return [
        Deed(at=60 * MINUTES * chance.random(), run=read(chance.choice(pages)))
        for _ in range(number)
    ]


def read(page: str):
    return lambda client: client.get("page", page)


def hand_in(session: str, draft, table: Table, told: dict[str, object], twice: bool):
    """Upload, have it scored, look at the submission, hand it in."""
    address = f"/events/{draft.event.slug}/submissions/{draft.pk}/"
    told["submission"] = draft.pk

    def sent() -> Iterator[bytes]:
        yield HEAD
        yield from table.chunks()
        yield TAIL

    def run(_anybody: Client) -> None:
        client = Client(session)
        form = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(HEAD) + table.size + len(TAIL)),
        }
        if client.post("upload", f"{address}data/", sent, **form) in (200, 302):
            told["sha256"] = table.sha256
        client.get("own page", address)
        both = [threading.Thread(target=submit, args=(session, told)) for _ in range(1 + twice)]
        for click in both:
            click.start()
        for click in both:
            click.join()

    def submit(session: str, told: dict[str, object]) -> None:
        if Client(session).post("submit", f"{address}submit/") == 302:
            told["submitted"] = True

    return run


def verify(deeds: list[Deed]) -> list[str]:
    """What clients were told, against the database and the files."""
    from anomaly.datasets.models import Dataset
    from submissions.entries.models import Submission

    told = [deed.told for deed in deeds if deed.told]
    datasets = Dataset.objects.values_list("submission_id", "sha256")
    found, kept = Counter(datasets), {d.sha256 for d in Dataset.objects.all() if d.path.is_file()}
    states = dict(Submission.objects.values_list("pk", "state"))
    wrong = []
    for one in told:
        pk, sha256 = one["submission"], one.get("sha256")
        if sha256 and (found[pk, sha256] != 1 or sha256 not in kept):
            wrong.append(f"upload of {pk}: {found[pk, sha256]} in the database")
        if one.get("submitted") and states[pk] != Submission.State.SUBMITTED:
            wrong.append(f"submission {pk} was received and is {states[pk]}")
    missing = [one for one in told if "sha256" not in one or "submitted" not in one]
    return [*wrong, *(f"{one['submission']} could not hand in" for one in missing)]
