"""The process that sends mail, and webhooks; two of them never send one mail twice."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from notices import ringing, sending

LONGEST_PAUSE = 60  # seconds between two looks at a mail server that is away

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sends what waits in the outbox; with --every, again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="again and again")

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        if every is None:
            ringing.send_due()
            self.stdout.write(f"{sending.send_due()} sent")
            return
        self.ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ended.set())
        pause = every
        while not self.ended.is_set():
            pause = every if self.send() else min(pause * 2, LONGEST_PAUSE)
            self.ended.wait(pause)

    def send(self) -> bool:
        """One round; False if the mail server or the database is away for now."""
        try:
            close_old_connections()
            sending.mark_lost()
            ringing.send_due(self.ended.is_set)
            sending.send_due(self.ended.is_set)
        except sending.Unreachable as error:
            logger.warning("%s", error)
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            logger.warning("the database cannot be reached: %s", error)
        except Exception:
            logger.exception("a round of sending failed")
        else:
            return True
        return False
