"""`manage.py reproduce_ranking EVENT`: was the published ranking made from these ballots?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from judging.awards.models import Publication
from judging.awards.reproduction import decided_places, differences


class Command(BaseCommand):
    help = (
        "Recomputes a published ranking from the ballots; says what differs, and then exits with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event", help="the event's short name, as in its address")

    @transaction.atomic
    def handle(self, *args: Any, event: str, **options: Any) -> None:
        standing = Publication.objects.standing().filter(event__slug=event)
        publication = standing.select_related("event").first()
        if publication is None:
            raise CommandError(f"Nothing is published of an event “{event}”.", returncode=2)
        found = differences(publication)
        for line in found:
            self.stdout.write(line)
        for line in decided_places(publication.event):
            self.stdout.write(f"By decision, not by the ranking: {line}")
        if found:
            self.stdout.write(self.style.ERROR(f"{len(found)} differences."))
            sys.exit(1)
        self.stdout.write(
            self.style.SUCCESS(f"Reproduced: ballots and figures are those of {publication}.")
        )
