"""More of what jobs must survive. A stub takes the detector's place: it is the queue that is tried.

Real workers, PostgreSQL and Redis; the numbers are those of the list of faults.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from anomaly.jobs import actions, leases, tasks
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import ScoringJob, Worker
from tests.anomaly.jobs.conftest import SHORT, database_url, ended, eventually, kinds
from tests.anomaly.jobs.test_turns import table_of

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

STUB = "job.stub=0.1"


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def jobs(author, draft, understood) -> list[ScoringJob]:
    tables = [table_of(author, draft, understood, f"{n}.csv") for n in range(4)]
    return [actions.start(author, table) for table in tables]


def all_succeed(jobs: list[ScoringJob], within: float = 90) -> None:
    for job in jobs:
        eventually(lambda job=job: ended(job), within)
        assert (job.state, kinds(job).count("succeeded")) == ("succeeded", 1)
    call_command("sweep", "--once")
    assert broken() == []


def test_f03_job_of_a_lost_worker_waits_for_another_and_the_page_says_so(
    job, worker, barrier, sign_in, author
):
    one = worker(PODIUM_FAULTS=f"{STUB};{barrier.at('job.start')}")
    barrier.reached()
    one.kill()

    def waits() -> bool:
        call_command("sweep", "--once")
        job.refresh_from_db()
        return job.state == "queued"

    eventually(waits, within=30)
    Worker.objects.all().delete()
    page = sign_in(author).get(reverse("jobs:detail", args=["summer", job.pk])).content.decode()
    assert "Waiting for a worker" in page
    worker(PODIUM_FAULTS=STUB)
    all_succeed([job])
    assert job.attempt == 2


@pytest.mark.parametrize(
    ("point", "attempts"),
    [
        ("supervisor.before_claim", 1),
        ("supervisor.before_finish", 2),
        ("supervisor.finished", 1),
    ],
)
def test_f02_worker_killed_at_any_moment_loses_and_doubles_nothing(
    job, worker, point, attempts, settings
):
    """Before the claim, between writing the result and committing, after committing."""
    one = worker(PODIUM_FAULTS=f"{STUB};{point}=kill")
    one.process.wait(60)
    worker(PODIUM_FAULTS=STUB)
    all_succeed([job])
    assert job.attempt == attempts
    results = (Path(settings.MEDIA_ROOT) / "artefacts").glob("*/*")
    assert [path.name for path in results] == [str(attempts)], "orphans are swept"


def test_f04_table_that_needs_too_much_memory_fails_with_the_reason_and_others_are_served(
    jobs, worker
):
    worker(PODIUM_FAULTS=f"job.start@0.csv=memory;{STUB}")
    all_succeed(jobs[1:])
    big = jobs[0]
    eventually(lambda: ended(big), within=60)
    assert (big.state, big.error_code, big.attempt) == ("failed", "out_of_memory", 2)
    assert "60 rows and 2 columns" in big.error


def test_f10_cancel_while_the_result_is_being_committed_ends_once(job, author, worker, barrier):
    """F11: whoever is first wins; there is one ending."""
    worker(PODIUM_FAULTS=f"{STUB};{barrier.at('supervisor.before_finish')}")
    barrier.reached()
    actions.cancel(author, job)
    barrier.open()
    eventually(lambda: ended(job), within=30)
    assert kinds(job) == ["queued", "claimed", "cancel_asked", job.state]
    assert broken() == []


def test_f12_bell_rung_thrice_at_two_workers_scores_once(job, worker):
    for _ in range(2):
        worker(PODIUM_FAULTS=STUB)
    for _ in range(3):
        tasks.ring("cpu")
    all_succeed([job])
    assert kinds(job) == ["queued", "claimed", "succeeded"]


def test_f23_deploy_restarts_all_workers_and_costs_no_attempt(jobs, worker, barrier):
    stub = "job.stub=30"
    old = [
        worker(PODIUM_FAULTS=f"{stub};{barrier.at('supervisor.claimed')}"),
        worker(PODIUM_FAULTS=stub),
    ]
    barrier.reached()
    barrier.open()
    for one in old:
        one.signal(signal.SIGTERM)
    for one in old:
        one.process.wait(60)
    worker(PODIUM_FAULTS=STUB)
    all_succeed(jobs)
    assert [job.attempt for job in jobs] == [1] * len(jobs)


def test_f27_worker_whose_device_fails_thrice_rests_and_others_take_its_jobs(job, worker):
    worker(PODIUM_FAULTS=f"{STUB};job.start=device")
    eventually(lambda: Worker.objects.filter(state="unhealthy").exists(), within=60)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.queue) == ("queued", 0, "cpu")
    worker(PODIUM_FAULTS=STUB)
    all_succeed([job])
    assert (job.attempt, job.setbacks) == (1, 3)


def test_f28_worker_without_disk_takes_no_job_until_there_is_room(job, worker, tmp_path):
    full = tmp_path / "full"
    full.touch()
    worker(PODIUM_FAULTS=f"worker.disk=full:{full};{STUB}")
    eventually(lambda: Worker.objects.filter(state="low_disk").exists(), within=60)
    job.refresh_from_db()
    assert kinds(job) == ["queued"]
    full.unlink()
    all_succeed([job])


def test_f33_killed_between_commit_and_bell_starts_all_the_same(author, dataset, worker, tmp_path):
    script = (
        "import django; django.setup();"
        "from anomaly.jobs import actions; from anomaly.datasets.models import Dataset;"
        "dataset = Dataset.objects.get(); actions.start(dataset.uploaded_by, dataset)"
    )
    own = {"DATABASE_URL": database_url(), "PODIUM_VAR": str(tmp_path)}
    faults = {"PODIUM_FAULTS": "job.before_ring=kill", "DJANGO_SETTINGS_MODULE": "config.settings"}
    ended = subprocess.run([sys.executable, "-c", script], env=os.environ | SHORT | own | faults)
    assert ended.returncode == -signal.SIGKILL
    [job] = ScoringJob.objects.all()
    worker(PODIUM_FAULTS=STUB)
    all_succeed([job])


CLOCK = "import time\n_real = time.time\ntime.time = lambda: _real() + {seconds}\n"


def test_f37_worker_with_a_wrong_clock_takes_nothing_from_others(job, worker, barrier, tmp_path):
    worker(PODIUM_FAULTS=f"{STUB};{barrier.at('job.start')}")
    barrier.reached()
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK.format(seconds=3600))
    worker(PYTHONPATH=str(tmp_path / "clock"))
    eventually(lambda: Worker.objects.filter(skew__gt=3500).exists(), within=60)
    subject = ScoringJob.objects.filter(pk=job.pk)
    first = subject.get().lease_until
    eventually(lambda: subject.get().lease_until > first, within=20)
    barrier.open()
    all_succeed([job])
    assert job.attempt == 1


def test_f37_reaping_by_a_workers_own_clock_would_take_a_job_under_way(job):
    """Negative control: by a clock that is an hour fast, the lease of a live worker has run out."""
    from django.utils import timezone

    leases.claim(Worker.objects.create(name="w"))
    fast = timezone.now() + leases.timedelta(hours=1)
    assert ScoringJob.objects.running().filter(lease_until__lt=fast).exists()
    assert leases.reap() == 0
