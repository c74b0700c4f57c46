"""What must not lose, double or hang a job: real workers, PostgreSQL and Redis, and real kills.

The numbers are those of the list of faults that Podium promises to survive.
"""

import os
import signal
from pathlib import Path

import pytest
from django.core.management import call_command

from anomaly.datasets import actions as datasets
from anomaly.jobs import actions
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import ScoringJob
from tests.anomaly.conftest import table_file
from tests.anomaly.jobs.conftest import ended, eventually, gone, kinds

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


STUB = "job.stub=0.2"  # in place of the detector, where it is not the fit that is disturbed


def results(settings) -> list[Path]:
    return sorted((Path(settings.MEDIA_ROOT) / "artefacts").glob("*/*"))


def test_f01_killed_child_costs_an_attempt_and_the_next_succeeds(job, worker, barrier):
    one = worker(PODIUM_FAULTS=barrier.at("job.mid_fit"))
    barrier.reached()
    barrier.open()
    [child] = one.children()
    os.kill(child, signal.SIGKILL)
    eventually(lambda: ended(job), within=60)
    assert (job.state, job.attempt) == ("succeeded", 2)
    assert kinds(job) == ["queued", "claimed", "retried", "claimed", "succeeded"]
    assert "killed" in job.events.get(kind="retried").detail
    assert broken() == []


def test_f02_killed_worker_is_noticed_and_another_finishes(job, worker, barrier):
    one = worker(PODIUM_FAULTS=barrier.at("job.mid_fit"))
    barrier.reached()
    [child] = one.children()
    worker(PODIUM_FAULTS=STUB)
    os.killpg(one.pid, signal.SIGKILL)
    eventually(lambda: gone(child), within=3)
    eventually(lambda: ended(job), within=60)
    assert (job.state, job.attempt) == ("succeeded", 2)
    assert kinds(job) == ["queued", "claimed", "retried", "claimed", "succeeded"]
    call_command("sweep")
    assert broken() == []


def test_f05_worker_that_slept_past_its_lease_writes_nothing(job, worker, barrier, settings):
    sleeper = worker(PODIUM_FAULTS=f"{STUB};{barrier.at('supervisor.before_finish')}")
    barrier.reached()
    sleeper.signal(signal.SIGSTOP)
    worker(PODIUM_FAULTS=STUB)
    eventually(lambda: ended(job), within=60)
    assert len(results(settings)) == 2
    barrier.open()
    sleeper.signal(signal.SIGCONT)
    eventually(lambda: not list((Path(settings.MEDIA_ROOT) / "tmp").iterdir()), within=20)
    job.refresh_from_db()
    assert (job.state, job.artefact) == ("succeeded", f"artefacts/{job.pk}/2")
    assert kinds(job).count("succeeded") == 1
    call_command("sweep")
    assert [path.name for path in results(settings)] == ["2"]
    assert broken() == []


def test_f06_poison_fails_after_three_attempts_and_others_are_served(author, draft, worker):
    poison, *good = [
        actions.start(author, datasets.upload(author, draft, file=table_file(name, seed=seed)))
        for seed, name in enumerate(("poison.csv", "good.csv", "fine.csv"))
    ]
    worker(PODIUM_FAULTS=f"{STUB};job.start@poison.csv=segv")
    for job in (poison, *good):
        eventually(lambda job=job: ended(job), within=90)
    assert (poison.state, poison.error_code, poison.attempt) == ("failed", "crashed", 3)
    assert kinds(poison) == ["queued"] + ["claimed", "retried"] * 2 + ["claimed", "failed"]
    assert [(job.state, job.attempt) for job in good] == [("succeeded", 1)] * 2
    assert broken() == []


def test_f07_hanging_child_ends_at_the_time_limit(job, worker):
    worker(PODIUM_FAULTS=f"{STUB};job.start=spin", PODIUM_JOB_SECONDS="5")
    eventually(lambda: ended(job), within=40)
    assert (job.state, job.error_code) == ("failed", "timeout")
    assert job.attempt == 1, "its heartbeat went on, or it would have been taken back"
    assert "longer than" in job.error
    assert broken() == []


def test_f08_flood_of_messages_ends_the_child(job, worker):
    worker(PODIUM_FAULTS=f"{STUB};job.start=flood")
    eventually(lambda: ended(job), within=40)
    assert (job.state, job.error_code) == ("failed", "output_too_large")


def test_f10_cancel_ends_a_running_child(job, author, worker, barrier, settings):
    one = worker(PODIUM_FAULTS=f"{STUB};{barrier.at('job.start')}")
    barrier.reached()
    [child] = one.children()
    actions.cancel(author, job)
    eventually(lambda: ended(job), within=10)
    assert job.state == "cancelled"
    assert gone(child)
    assert results(settings) == []
    assert kinds(job) == ["queued", "claimed", "cancel_asked", "cancelled"]
    assert broken() == []


def test_f23_worker_told_to_stop_gives_a_long_job_back(job, worker, barrier):
    one = worker(PODIUM_FAULTS=f"{STUB};{barrier.at('job.start')}")
    barrier.reached()
    one.signal(signal.SIGTERM)
    assert one.process.wait(20) == 0
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("queued", 0)
    assert kinds(job) == ["queued", "claimed", "released"]


def test_f23_worker_told_to_stop_finishes_a_job_that_is_as_good_as_done(job, worker, barrier):
    one = worker(PODIUM_FAULTS=barrier.at("job.scored"))
    barrier.reached()
    one.signal(signal.SIGTERM)
    eventually(lambda: one.process.poll() is None, within=1)
    barrier.open()
    assert one.process.wait(25) == 0
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("succeeded", 1)


def test_f24_order_of_another_version_ends_with_a_reason(job, worker):
    ScoringJob.objects.filter(pk=job.pk).update(payload={"version": 99})
    worker()
    eventually(lambda: ended(job), within=40)
    assert (job.state, job.error_code) == ("failed", "unsupported_version")


def test_f35_full_disk_costs_no_attempt_and_the_job_goes_on_when_there_is_room(
    job, worker, tmp_path
):
    full = tmp_path / "full"
    full.touch()
    worker(PODIUM_FAULTS=f"{STUB};job.start=full:{full}")
    eventually(lambda: kinds(job).count("retried") >= 2, within=40)
    full.unlink()
    eventually(lambda: ended(job), within=60)
    assert (job.state, job.attempt) == ("succeeded", 1)
    assert job.setbacks >= 2
    assert broken() == []


def test_worker_refuses_a_pool_that_runs_many_jobs_at_once(db, tmp_path, capfd):
    from tests.anomaly.jobs.conftest import SHORT, Worker, database_url

    own = {"DATABASE_URL": database_url(), "PODIUM_VAR": str(tmp_path)}
    refused = Worker(os.environ | SHORT | own, "-P", "threads")
    assert refused.process.wait(30) != 0
    assert "run with --pool solo" in capfd.readouterr().err
