"""How an entry of the audit trail is told: on a page, as a row, as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from notices.models import AuditEntry

HEADER = ("at", "who", "account", "verb", "thing", "id", "details", "origin")


def kind(entry: AuditEntry) -> str:
    """The thing's name as people say it."""
    try:
        return str(apps.get_model(entry.thing)._meta.verbose_name)
    except (LookupError, ValueError):  # of a room that is gone
        return entry.thing


def told(entry: AuditEntry) -> list[tuple[str, str]]:
    """Names and values; a pair of old and new value with an arrow between them."""
    if entry.details == AuditEntry.ERASED:
        return [(_("Erased"), _("at the wish of the person"))]
    return [(name.replace("_", " "), _value(value)) for name, value in entry.details.items()]


def as_row(entry: AuditEntry) -> tuple[Any, ...]:
    return tuple(as_data(entry).values())


def as_data(entry: AuditEntry) -> dict[str, Any]:
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
    # The number tells two people of one name apart; an address is nobody's to hand on.
    who, account = (str(entry.actor), str(entry.actor.pk)) if entry.actor else ("", "")
    values = (
        entry.at,
        who,
        account,
        entry.verb,
        entry.thing,
        entry.thing_id,
        details,
        entry.origin,
    )
    return dict(zip(HEADER, values, strict=True))


def as_json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """One JSON array, sent while it is made."""
    yield "["
    for number, entry in enumerate(entries):
        data = as_data(entry) | {"at": entry.at.isoformat(), "details": entry.details}
        yield (",\n" if number else "\n") + json.dumps(data, ensure_ascii=False)
    yield "\n]\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and not isinstance(value[0], list | dict):
        return f"{_plain(value[0])} → {_plain(value[1])}"
    return _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
