"""What other rooms write down here: the audit trail, and mail to be sent."""

from typing import Any

from django.db import models

from accounts.models import User
from notices.models import AuditEntry
from notices.posting import post as post


def record(actor: User | None, verb: str, thing: models.Model, **details: Any) -> AuditEntry:
    """Adds one entry in the caller's transaction: a change and its record stand or fall together.

    `actor` is None when the system itself acts. `details` must be JSON-safe and free of secrets.
    """
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        thing=thing._meta.label_lower,
        thing_id=str(thing.pk),
        event=_event_of(thing),
        details=details,
    )


def _event_of(thing: models.Model) -> str:
    event = thing if thing._meta.label_lower == "events.event" else getattr(thing, "event", None)
    return getattr(event, "slug", "")
