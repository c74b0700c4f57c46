import json
import os
import subprocess
import sys

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from notices.actions import changes, record
from notices.models import AuditEntry


def test_record_names_actor_thing_and_event(organizer, event):
    entry = record(organizer, "look", event, why="test")
    entry.refresh_from_db()
    assert (entry.actor, entry.verb, entry.thing_id) == (organizer, "look", str(event.pk))
    assert (entry.event, entry.details) == (event.slug, {"why": "test"})
    assert entry.at is not None


@pytest.mark.parametrize("change", ["update", "delete"])
def test_entry_cannot_be_changed_or_deleted(organizer, event, change):
    """I8, by the database, whatever the code asks."""
    entry = record(organizer, "look", event)
    found = AuditEntry.objects.filter(pk=entry.pk)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        found.update(verb="lie") if change == "update" else found.delete()
    assert found.get().verb == "look"


def test_what_an_entry_tells_can_be_erased_and_nothing_else(organizer, event):
    """I8 and erasure: the fact stays, and no other words can be put in its place."""
    entry = record(organizer, "look", event, why="test")
    found = AuditEntry.objects.filter(pk=entry.pk)
    for lie in ({"details": {"why": "lie"}}, {"details": AuditEntry.ERASED, "verb": "lie"}):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            found.update(**lie)
    found.erase()
    assert (found.get().details, found.get().verb) == (AuditEntry.ERASED, "look")


def test_sqlite_refuses_changes_too(tmp_path, embedded_folder):
    """I8 on the embedded database, with the same exception."""
    tried = """
import django; django.setup()
from django.db import IntegrityError
from accounts.models import User
from notices.actions import record
from notices.models import AuditEntry
entry = record(None, "look", User.objects.create_user("a@example.org"), why="x")
found = AuditEntry.objects.filter(pk=entry.pk)
for change in (lambda: found.update(verb="lie"), found.delete, lambda: found.update(details={})):
    try:
        change()
    except IntegrityError:
        print("refused")
found.erase()
print(found.get().details)
"""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    keep |= {"PODIUM_VAR": str(embedded_folder(tmp_path))}
    environment = keep | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", tried]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split("\n")[:4] == ["refused"] * 3 + ["{'erased': True}"]


def test_secrets_are_not_recorded_and_changes_are_pairs(organizer, event):
    told = changes({"name": "Old", "size": 3}, {"name": "New", "size": 3})
    entry = record(organizer, "change", event, password="x", token="y", **told)
    assert entry.details == {"name": ["Old", "New"]}


def test_trail_of_an_event_is_read_filtered_and_taken_away(
    organizer, event, other_event, author, sign_in
):
    record(organizer, "rename_thing", event, name=["Old", "New"])
    record(organizer, "elsewhere", other_event)
    browser, page = sign_in(organizer), reverse("notices:audit", args=[event.slug])
    text = browser.get(page, {"verb": "rename thing", "who": "organ"}).content.decode()
    assert "Old → New" in text
    assert "elsewhere" not in browser.get(page).content.decode()
    assert "rename thing" not in browser.get(page, {"who": "author"}).content.decode()
    rows = [*browser.get(reverse("notices:audit_json", args=[event.slug]))]
    entries = json.loads(b"".join(rows))
    assert entries[0]["details"] == {"name": ["Old", "New"]}
    table = b"".join(browser.get(reverse("notices:audit_csv", args=[event.slug])))
    assert len(table.decode().splitlines()) == len(entries) + 1


def test_entry_says_from_where(author, event, sign_in):
    sign_in(author).post(reverse("events:team", args=[event.slug]), {"name": "Authors"})
    entry = AuditEntry.objects.get(verb="create_team")
    assert (entry.actor, entry.origin) == (author, "127.0.0.1")
    assert record(None, "sweep", event).origin == ""
