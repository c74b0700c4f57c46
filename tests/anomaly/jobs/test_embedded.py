"""The embedded pair (SQLite, broker in files) survives `kill -9` of its worker."""

import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from tests.anomaly.jobs.conftest import SHORT, Worker, eventually, gone

pytestmark = pytest.mark.processes

MAKE_A_JOB = """
import json
from anomaly.datasets import actions as datasets
from anomaly.jobs import actions as jobs
from events import actions as events
from submissions.entries import actions as entries
from tests.anomaly.conftest import table_file
from tests.conftest import make_event, make_user
event, author = make_event("summer"), make_user("author")
events.register(author, event)
events.create_team(author, event, name="Authors")
track = event.tracks.first()
draft = entries.create_draft(author, event, track=track, title="Kestrel")
job = jobs.start(author, datasets.upload(author, draft, file=table_file()))
print(json.dumps(str(job.pk)))
"""


@pytest.fixture
def surroundings(tmp_path, embedded_folder) -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return known | SHORT | {"PODIUM_VAR": str(embedded_folder(tmp_path)), "PODIUM_LOG": "ERROR"}


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_kill_in_the_middle_then_a_new_worker_finishes_exactly_once(
    surroundings, tmp_path, barrier
):
    made = manage(surroundings, "shell", "--no-imports", "-c", MAKE_A_JOB)
    assert made.returncode == 0, made.stderr
    job = json.loads(made.stdout).replace("-", "")

    def ask(question: str) -> tuple:
        with sqlite3.connect(tmp_path / "podium.sqlite3", timeout=20) as database:
            return database.execute(question, [job]).fetchone()

    state = "SELECT state, attempt, artefact FROM jobs_scoringjob WHERE id = ?"
    first = Worker(surroundings | {"PODIUM_FAULTS": barrier.at("job.mid_fit")})
    try:
        barrier.reached()
        [child] = first.children()
        first.signal(signal.SIGKILL)
        first.process.wait(10)
        eventually(lambda: gone(child), within=3)
        assert ask(state)[:2] == ("running", 1)
        second = Worker(surroundings)
        try:
            eventually(lambda: ask(state)[0] == "succeeded", within=60)
        finally:
            second.kill()
    finally:
        first.kill()
    assert ask(state)[1] == 2
    endings = (
        "SELECT count(*) FROM jobs_jobevent WHERE job_id = ? "
        "AND kind IN ('succeeded', 'failed', 'cancelled')"
    )
    assert ask(endings) == (1,)
    assert manage(surroundings, "sweep").returncode == 0
    checked = manage(surroundings, "check_invariants")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert [path.name for path in (tmp_path / "media" / "artefacts").glob("*/*")] == ["2"]
