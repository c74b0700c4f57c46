"""The demonstration: a hackathon with data sets to score, a conference, a mentored programme."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from config.demonstration import conference, load, mentored


class Command(BaseCommand):
    help = "Loads the demonstration event, once. Its passwords are public: embedded sites only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demonstration has public passwords; it is for `make run` only.")
        load.load()
        conference.load()
        mentored.load()
