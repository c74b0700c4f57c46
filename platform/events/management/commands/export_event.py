"""An event as a YAML file, on the standard output: what import_event reads."""

from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from events import exchange
from events.models import Event


class Command(BaseCommand):
    help = "Writes an event, without its people, as YAML."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event", help="the event's address, such as summer-hackathon-2020")

    def handle(self, *args: Any, event: str, **options: Any) -> None:
        found = Event.objects.filter(slug=event).first()
        if found is None:
            raise CommandError(f"There is no event “{event}”.")
        self.stdout.write(exchange.to_yaml(found), ending="")
