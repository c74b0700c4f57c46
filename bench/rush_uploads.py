"""Teams upload a table and hand in, in the last five minutes; hundreds of people read pages.

Some people press twice: the second click must change nothing. Each upload is read to its last byte,
compared by its SHA-256, and asked to be scored.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator

import site_under_test as site
from deadline_rush import Client, Deed, apart, session_of

MINUTES = 5
THINKING = 15.0  # seconds between two pages of a reader, on the mean
TWICE = 0.1  # of those who hand in press the button twice
BOUNDARY = "podium-rush"
LOOK, MOST_LOOKS = 2.0, 300  # seconds between two looks at a table that is being read
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
        factor = (
            options.largest / options.smallest
        ) ** chance.random()  # as many of each magnitude
        size = int(1e6 * options.smallest * factor)
        at = 60.0 if options.at_once else 60 * MINUTES * chance.betavariate(3, 1)
        deed = Deed(at=at, run=lambda client: None)
        twice = chance.random() < TWICE
        team = Team(session_of(user), draft, Table(number, size), deed.told, 1 + twice)
        team.scores = not options.queued
        deed.run = apart(team.run)
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


class Team:
    """Uploads, looks at the submission, hands it in; once the table is read has it scored."""

    scores = True

    def __init__(self, session: str, draft, table: Table, told: dict[str, object], clicks: int):
        self.session, self.table, self.told, self.clicks = session, table, told, clicks
        self.address = f"/events/{draft.event.slug}/submissions/{draft.pk}/"
        told["submission"] = draft.pk

    def sent(self) -> Iterator[bytes]:
        yield HEAD
        yield from self.table.chunks()
        yield TAIL

    def upload(self, client: Client) -> None:
        form = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(HEAD) + self.table.size + len(TAIL)),
        }
        if client.post("upload", f"{self.address}data/", self.sent, **form) == 302:
            self.told["sha256"] = self.table.sha256

    def run(self, _anybody: Client) -> None:
        client = Client(self.session)
        self.upload(client)
        dataset = client.location
        client.get("own page", self.address)
        clicks = [threading.Thread(target=self.submit) for _ in range(self.clicks)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
        if dataset and self.scores:
            self.score(client, dataset)

    def submit(self) -> None:
        if Client(self.session).post("submit", f"{self.address}submit/") == 302:
            self.told["submitted"] = True

    def score(self, client: Client, dataset: str) -> None:
        for _ in range(MOST_LOOKS):
            client.get("data page", dataset)
            if b"Score this data set" in client.body:
                started = client.post("score", f"{dataset}score/")
                self.told["job"] = client.location if started == 302 else ""
                return
            time.sleep(LOOK)


def unfinished() -> bool:
    from anomaly.datasets.models import Dataset
    from anomaly.jobs.models import ScoringJob

    return (
        ScoringJob.objects.unfinished().exists()
        or Dataset.objects.filter(state=Dataset.State.CHECKING).exists()
    )


def verify(deeds: list[Deed], options: argparse.Namespace) -> list[str]:
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
    from anomaly.jobs.invariants import broken
    from anomaly.jobs.models import ScoringJob

    jobs = dict(ScoringJob.objects.values_list("pk", "state"))
    for one in [] if options.queued else told:
        pk = str(one.get("job", "")).rstrip("/").rpartition("/")[2]
        state = jobs.get(uuid.UUID(pk)) if pk else "never asked for"
        if state != ScoringJob.State.SUCCEEDED:
            wrong.append(f"scoring for {one['submission']}: {state}")
    wrong += broken()
    missing = [one for one in told if "sha256" not in one or "submitted" not in one]
    return [*wrong, *(f"{one['submission']} could not hand in" for one in missing)]
