"""A whole event as plain data, so that events live in git and a new one starts from an earlier one.

The events room writes its own part. A later room registers its part in `AppConfig.ready()`:

    exchange.register("criteria", dump=..., load=...)

`dump(event)` gives plain data (nothing at all is left out); `load(actor, event, data)` reads it
and raises Refused with the place of what is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import actions
from events.models import Event
from events.writing import written
from theme.refusal import Refused

Dump = Callable[[Event], Any]
Load = Callable[[User, Event, Any], None]


@dataclass(frozen=True)
class Part:
    dump: Dump
    load: Load


_parts: dict[str, Part] = {}


def register(name: str, *, dump: Dump, load: Load) -> None:
    _parts[name] = Part(dump, load)


def export_event(event: Event) -> dict[str, Any]:
    """The event without its people: what `import_event` makes the same event of."""
    told = written(event)
    for name, part in _parts.items():
        data = part.dump(event)
        if data not in (None, [], {}, ""):
            told[name] = data
    return told


@transaction.atomic
def import_event(user: User, told: object) -> Event:
    """Makes the event with all its parts, owned by `user`, or raises Refused and makes nothing."""
    if not isinstance(told, dict):
        raise Refused(_("An event is a mapping: slug, name, …"), code="event.malformed")
    own = {name: value for name, value in told.items() if name not in _parts}
    event = actions.create_event(user, told=own)
    for name, part in _parts.items():
        if name in told:
            part.load(user, event, told[name])
    return event


class Dumper(yaml.SafeDumper):
    """Long texts as blocks, so that a change of one line is a change of one line in git."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _text)


def to_yaml(event: Event) -> str:
    return yaml.dump(
        export_event(event), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100
    )
