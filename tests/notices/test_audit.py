import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from notices.actions import record
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
