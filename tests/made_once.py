"""What each process of a test run would make for itself, made by the first that wants it: databases
with all their tables, which take eight seconds of a processor each."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "podium_with_its_tables"


@contextmanager
def once(mark: Path) -> Iterator[bool]:
    """Whether this is the first to come; the others wait until it has made its thing."""
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not mark.exists()
        yield first
        mark.touch()


def embedded_folder(folder: Path, kept: Path) -> Path:
    """`folder`, with an embedded database in which all tables are made."""
    with once(kept / "embedded") as first:
        if first:
            migrate({"PATH": os.environ["PATH"], "PODIUM_VAR": str(kept / "var")})
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "podium.sqlite3").exists():
        shutil.copy(kept / "var" / "podium.sqlite3", folder)
    return folder


def template_database(url: str, kept: Path) -> str:
    """The name of a database, on the server of `url`, from which test databases are copied."""
    with once(kept / "template") as first:
        if first:
            connection = psycopg2.connect(url)
            connection.autocommit = True  # no database is made within a transaction
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")  # of one that failed
                cursor.execute(f"CREATE DATABASE {TEMPLATE}")
            connection.close()
            migrate(os.environ | {"DATABASE_URL": urlsplit(url)._replace(path=TEMPLATE).geturl()})
    return TEMPLATE


def migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
