"""The periodic process beside web server and worker; any number of them does no harm."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.module_loading import import_string

from anomaly.datasets import checking

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Takes back what lost workers held, deletes what nobody needs, does what has come due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        often = parser.add_mutually_exclusive_group()
        often.add_argument("--every", type=float, metavar="SECONDS", help="again and again")
        often.add_argument("--once", action="store_true", help="one time only, as without options")

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        if every is None:
            for name in settings.PODIUM_ROUNDS:
                import_string(name)()
            while checking.read_next():
                pass
            return
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        threading.Thread(target=checking.look_now_and_then, args=(ended,), daemon=True).start()
        while not ended.is_set():
            for name in settings.PODIUM_ROUNDS:
                self.try_once(name)
            ended.wait(every)

    def try_once(self, name: str) -> None:
        """The database may be away for a while; the next round is soon enough. What fails in one
        room keeps no other from its round."""
        try:
            close_old_connections()
            import_string(name)()
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            logger.warning("the database cannot be reached: %s", error)
        except Exception:
            logger.exception("%s failed", name)
