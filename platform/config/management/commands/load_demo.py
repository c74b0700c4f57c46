"""The demonstration: a hackathon with data sets to score, a conference, a mentored programme."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config.demonstration import conference, load, mentored
from notices.models import Mail


class Command(BaseCommand):
    help = "Loads the demonstration event, once. Its passwords are public: embedded sites only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demonstration has public passwords; it is for `make run` only.")
        waiting = set(Mail.objects.due().values_list("pk", flat=True))
        load.load()
        conference.load()
        mentored.load()
        # Nobody reads these, and printed they would bury the sign-ins.
        written = Mail.objects.due().exclude(pk__in=waiting)
        written.update(state=Mail.State.STOPPED, trouble=_("Written by the demonstration."))
