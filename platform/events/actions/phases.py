"""Deadlines held still while they decide, and results opened and closed."""

from django.db import connection
from django.db.models.functions import Now

from accounts.models import User
from events.models import Event
from notices.actions import record


def hold_phase(event: Event, kind: str) -> None:
    """Keeps a deadline from being moved until the transaction ends, so that what is under way is
    decided by one value (B82). Shared: those who submit do not wait for each other."""
    if connection.vendor == "postgresql":  # SQLite's write transactions exclude each other anyway
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM events_phase WHERE event_id = %s AND kind = %s FOR SHARE",
                [event.pk, kind],
            )


def open_results(actor: User, event: Event) -> None:
    """Marks the results as public; the room that publishes them has checked who may."""
    Event.objects.filter(pk=event.pk).update(results_at=Now())
    record(actor, "open_results", event)


def close_results(actor: User, event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(results_at=None)
    record(actor, "close_results", event)
