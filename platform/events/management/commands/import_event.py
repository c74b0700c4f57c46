"""An event from a YAML file, so that events can live in git; docs/walk.md shows one."""

from pathlib import Path
from typing import Any

import yaml
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from accounts.models import User
from events import exchange
from theme.refusal import Refused


class Command(BaseCommand):
    help = "Makes an event from a YAML file; the owner must have an account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", required=True, help="e-mail address of the owner's account")

    def handle(self, *args: Any, file: Path, owner: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=owner).first()
        if user is None:
            raise CommandError(f"Nobody has an account with {owner}; sign up first.")
        try:
            event = exchange.import_event(user, yaml.safe_load(file.read_text()))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except yaml.YAMLError as error:
            raise CommandError(f"{file} is not YAML: {error}") from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{event} stands at {event.get_absolute_url()}")
