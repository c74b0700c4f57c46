"""`make run`: the whole site on this machine, with nothing else installed."""

import fcntl
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser

from anomaly.jobs.models import ScoringJob
from config.demonstration.people import SIGN_INS
from config.environment import text
from config.processes import Process, Together, free_port


class Command(BaseCommand):
    help = "Starts web server, worker, sweep and mail together; Ctrl-C stops them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--no-demo", action="store_true", help="start without the example event"
        )

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        held = hold(settings.VAR / "run.lock")
        self.say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
        if not no_demo:
            call_command("load_demo")
        free = free_port(port)
        if free != port:
            self.say(f"Port {port} is taken; using {free}.")
        for end in (signal.SIGTERM, signal.SIGINT):  # a shell in the background ignores SIGINT
            signal.signal(end, _as_ctrl_c)
        try:
            address = f"http://127.0.0.1:{free}"
            with Together(site(free, address), self.say) as together:
                self.serve(together, address, show_sign_ins=not no_demo)
        except KeyboardInterrupt:
            self.say("\nStopped. Everything is kept under var/; `make run` goes on from here.")
        held.close()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def serve(self, together: Together, address: str, *, show_sign_ins: bool) -> None:
        wait_until_up(address, together)
        self.say(f"\nPodium runs at {address}\n")
        if show_sign_ins:
            for role, (email, password) in SIGN_INS.items():
                self.say(f"  {role:<12} {email:<30} password: {password}")
        self.say("\nMail is printed here and kept under var/mail. Ctrl-C stops everything.\n")
        told = ""
        while True:
            together.mend()
            told = self.tell_progress(told)
            time.sleep(1)

    def tell_progress(self, told: str) -> str:
        """A line whenever the scoring of data sets got on; returns the last one."""
        jobs = list(ScoringJob.objects.values_list("state", "progress"))
        ended = sum(state in ("succeeded", "failed", "cancelled") for state, _part in jobs)
        share = sum(part for state, part in jobs if state == "running")
        if ended == len(jobs):
            line = f"Data sets scored: {ended} of {len(jobs)}." if told else ""
        else:
            tenth = int((share % 1) * 10) * 10
            line = f"Scoring data sets: {ended} of {len(jobs)} done, {tenth} % of the next …"
        if line and line != told:
            self.say(line)
        return line


def site(port: int, address: str) -> list[Process]:
    """Web server, worker, sweep and the sender of mail, as production starts them, one of each."""
    python = [sys.executable, "-m"]
    web = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "16"]
    worker = ["celery", "--quiet", "-A", "config", "worker", "--loglevel", "warning"]
    sweep = ["manage", "sweep", "--every", str(settings.PODIUM_SWEEP)]
    mail = ["manage", "send_mail", "--every", "2"]
    own = {"PODIUM_ADDRESS": settings.PODIUM_ADDRESS if text("PODIUM_ADDRESS") else address}
    surroundings = {
        "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 2) - 1)),  # one core stays for the pages
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",  # as in a container
    }
    return [
        Process("web server", [*python, *web, "--log-level", "warning"], own),
        Process("worker", [*python, *worker], own | surroundings),
        Process("sweep", [*python, *sweep], own),
        Process("mail", [*python, *mail], own),
    ]


def wait_until_up(address: str, together: Together, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            together.mend()
            time.sleep(0.2)
    raise CommandError("The web server did not come up; what it said stands above.")


def hold(path: Path) -> IO[str]:
    """One running site a folder: two of them would share one worker's files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(
            "Podium runs from this folder already; stop it with Ctrl-C there, or set PODIUM_VAR to "
            "another folder to run a second site."
        ) from None
    return lock


def _as_ctrl_c(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
