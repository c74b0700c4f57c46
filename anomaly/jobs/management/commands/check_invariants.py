"""Says what must hold and does not: one line each, and exit code 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from anomaly.jobs.invariants import broken


class Command(BaseCommand):
    help = "Checks that no job is stuck or doubled, and that no file is missing or changed."

    def handle(self, *args: Any, **options: Any) -> None:
        lines = broken()
        for line in lines:
            self.stdout.write(line)
        if lines:
            sys.exit(1)
