"""Says what must hold and does not: one line each, and exit code 1."""

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Checks that no job is stuck or doubled, no file missing or changed (I1 to I3), no mail "
        "forgotten (I6), that published results follow from the ballots (I7), that the audit trail "
        "cannot be changed (I8) and no two events are mixed (I9)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lines = list(broken())
        for line in lines:
            self.stdout.write(line)
        if lines:
            sys.exit(1)


def broken() -> Iterator[str]:
    """Of every room that has a module `invariants` with a function of this name."""
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.invariants"):
            room = import_module(f"{app.name}.invariants")
            yield from getattr(room, "broken", list)()
