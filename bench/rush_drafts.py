"""A thousand people write, their pages save every five seconds; three in ten hand in, all within
the last minute. Each writer is told "Saved" for a text, and that text must be there at the end.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import threading
from urllib.parse import urlencode

import site_under_test as site
from deadline_rush import Client, Deed, session_of

WRITERS = 1000
SECONDS, PAUSE = 60, 5  # of writing; between two saves
SUBMIT = 0.3  # of the writers hand in
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HIDDEN = re.compile(r'<input type="hidden" name="(revision|seen)" value="([^"]*)"')


class Writer:
    """One open page: what it knows of the draft, and the text that grows in it."""

    def __init__(self, client: Client, draft) -> None:
        self.client, self.draft, self.text = client, draft, draft.description
        self.address = f"/events/{draft.event.slug}/submissions/{draft.pk}/"
        self.known: dict[str, str] = {}
        self.told: dict[str, object] = {"submission": draft.pk}
        self.page = threading.Lock()  # a page waits for the answer before it saves again

    def save(self, _anybody: Client) -> None:
        with self.page:
            self.look()
            self.text += " One more sentence."
            fields = {
                "track": self.draft.track_id,
                "title": self.draft.title,
                "summary": self.draft.summary,
                "description": self.text,
            }
            body = urlencode(fields | self.known).encode()
            status = self.client.post("autosave", f"{self.address}autosave/", body, **FORM)
            if status == 200 and b'role="alert"' not in self.client.body:
                self.told["text"] = self.text
                self.learn()

    def open(self, _anybody: Client) -> None:
        with self.page:
            self.look()

    def look(self) -> None:
        if not self.known:
            self.client.get("edit", f"{self.address}edit/")
            self.learn()

    def learn(self) -> None:
        page = self.client.body.decode()
        self.known |= {name: html.unescape(value) for name, value in HIDDEN.findall(page)}

    def submit(self, _anybody: Client) -> None:
        with self.page:
            status = self.client.post("submit", f"{self.address}submit/")
            self.told["submitted"] = status == 302


def prepare(event, options: argparse.Namespace) -> list[Deed]:
    chance = random.Random(options.seed)
    deeds = []
    for number in range(int(WRITERS * options.times)):
        user, draft = site.make_author(event, number)
        writer = Writer(Client(session_of(user)), draft)
        began = PAUSE * chance.random()
        moments = [began + PAUSE * n for n in range(SECONDS // PAUSE)]
        deeds += [Deed(at=at, run=writer.save, told=writer.told) for at in moments]
        if chance.random() < SUBMIT:
            at = SECONDS * chance.random()
            deeds.append(Deed(at=at, run=writer.submit, told=writer.told))
    return deeds


def unfinished() -> bool:
    return False


def verify(deeds: list[Deed], _options: argparse.Namespace) -> list[str]:
    """What writers were told, against the database."""
    from submissions.entries.drafting import working_values
    from submissions.entries.models import Submission

    told = {deed.told["submission"]: deed.told for deed in deeds}
    wrong = []
    for found in Submission.objects.filter(pk__in=told):
        one = told[found.pk]
        if working_values(found)["description"] != one.get("text"):
            wrong.append(f"the text of {found.pk} is not the one that was saved last")
        if one.get("submitted", found.state == "submitted") != (found.state == "submitted"):
            wrong.append(f"submission {found.pk} was handed in and is {found.state}")
    return wrong
