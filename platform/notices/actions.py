"""What other rooms write down here: the audit trail, and mail to be sent."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from accounts.models import User
from notices.middleware import origin
from notices.models import AuditEntry
from notices.posting import post as post
from notices.ringing import ring

SECRET = ("password", "secret", "token", "code", "key")


def record(actor: User | None, verb: str, thing: models.Model, **details: Any) -> AuditEntry:
    """Adds one entry in the caller's transaction: a change and its record stand or fall together.

    `actor` is None when the system itself acts. `details` must be JSON-safe; old and new values
    are pairs, see `changes`. What is named like a secret is left out.
    """
    entry = AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        thing=thing._meta.label_lower,
        thing_id=str(thing.pk),
        event=_event_of(thing),
        details={name: value for name, value in details.items() if name not in SECRET},
        origin=origin.get(),
    )
    ring(entry)
    return entry


def record_account(actor: User, account: User, verb: str, **_signal: Any) -> None:
    """What `accounts`, which comes before this room, sends of an account."""
    record(actor, verb, account)


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as {name: [old, new]}, for `record(…, **changes(before, after))`."""
    names = [name for name in new if old.get(name) != new[name]]
    return {name: [old.get(name), new[name]] for name in names}


def _event_of(thing: models.Model) -> str:
    event = thing if thing._meta.label_lower == "events.event" else getattr(thing, "event", None)
    return event if isinstance(event, str) else getattr(event, "slug", "")
