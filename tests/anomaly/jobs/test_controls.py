"""Negative controls: each guard switched off, and the damage seen. Without them a test of a fault
might pass because nothing went wrong. The numbers are those of the list of faults."""

import errno
import signal
import subprocess
import sys
import threading

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from anomaly.datasets import actions as datasets
from anomaly.datasets import store
from anomaly.jobs import actions, leases, orders, supervisor, tasks, troubles, worker
from anomaly.jobs.invariants import broken
from anomaly.jobs.leases import LeaseLost, Trouble
from anomaly.jobs.models import ScoringJob, ScoringJobQuerySet, Worker
from tests.anomaly.jobs.conftest import kinds


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="one", device="cpu")


@pytest.fixture
def attempt(job, one, monkeypatch):
    """`attempt(faults)` takes the job through one attempt with a real child."""

    def run(faults: str) -> ScoringJob:
        monkeypatch.setenv("PODIUM_FAULTS", faults)
        supervisor.work_one(one, threading.Event())
        job.refresh_from_db()
        return job

    return run


def due(job: ScoringJob) -> None:
    ScoringJob.objects.filter(pk=job.pk).update(run_after=Now())


def lose(job: ScoringJob) -> None:
    past = Now() - leases.timedelta(seconds=1)
    ScoringJob.objects.filter(pk=job.pk).update(lease_until=past)


# --- the child -----------------------------------------------------------------------------------


def test_f01_supervisor_that_keeps_silent_of_a_killed_child_keeps_its_job_for_a_lease(
    attempt, monkeypatch
):
    monkeypatch.setattr(supervisor.leases, "fail", lambda _job, _trouble: None)
    assert attempt("job.start=kill").state == "running", "although nobody is at it"


def test_f04_child_without_a_limit_takes_all_the_memory_it_wants():
    def child(memory: str) -> int:
        code = (
            "import os; os.environ['PODIUM_PARENT'] = str(os.getppid())\n"
            "from anomaly.datasets import sandbox\n"
            f"sandbox.confine(memory={memory}, seconds=20, written=2**20)\n"
            "try: b'x' * 2**29\n"
            "except MemoryError: os._exit(9)"
        )
        return subprocess.run([sys.executable, "-c", code]).returncode

    assert [child("2**28"), child("None")] == [9, 0]


def test_f06_poison_without_a_limit_of_attempts_never_ends(job, one):
    ScoringJob.objects.filter(pk=job.pk).update(max_attempts=1000)
    for _ in range(10):
        held = leases.claim(one)
        leases.fail(held, troubles.explain(held, -signal.SIGSEGV, {}, ""))
        due(job)
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("queued", 10)


def test_f07_child_without_a_time_limit_takes_as_long_as_it_likes(attempt, monkeypatch, settings):
    settings.PODIUM_JOB_SECONDS = 0.5
    monkeypatch.setattr(orders, "hard_seconds", lambda _job: 1e4)
    assert attempt("job.start=sleep:2;job.stub=0").state == "succeeded", "after four times that"


def test_f08_flood_without_a_limit_goes_on_until_the_time_is_up(attempt, monkeypatch, settings):
    settings.PODIUM_JOB_SECONDS = 1.5
    monkeypatch.setattr(supervisor, "MOST_OUTPUT", 2**50)
    monkeypatch.setattr(supervisor.Attempt, "understand", lambda _self, _line: None)
    assert attempt("job.start=flood").error_code == "timeout"


def test_f10_cancel_that_no_heartbeat_brings_is_never_heard(attempt, job, author, monkeypatch):
    real = leases.heartbeat

    def deaf(*arguments, **named) -> bool:
        real(*arguments, **named)
        ScoringJob.objects.filter(pk=job.pk).update(cancel_requested=True)
        return False

    monkeypatch.setattr(supervisor.leases, "heartbeat", deaf)
    monkeypatch.setattr(supervisor, "NEWS", 0.1)
    assert attempt("job.stub=1").cancel_requested
    assert job.state == "succeeded", "nobody told the child to stop"


# --- the worker ----------------------------------------------------------------------------------


def test_f03_job_of_a_lost_worker_is_nobodys_until_it_is_taken_back(job, one):
    leases.claim(one)
    lose(job)
    assert leases.claim(one) is None
    assert leases.reap() == 1
    due(job)
    assert leases.claim(one)


def test_f22_two_reapers_without_the_fence_take_a_job_back_twice(job, one, monkeypatch):
    leases.claim(one)
    lose(job)
    seen = [list(ScoringJob.objects.abandoned()) for _ in range(2)]
    leases.fail(*seen[0], leases.WORKER_LOST)
    with pytest.raises(LeaseLost):
        leases.fail(*seen[1], leases.WORKER_LOST)
    monkeypatch.setattr(ScoringJobQuerySet, "held", lambda rows, job: rows.filter(pk=job.pk))
    leases.fail(*seen[1], leases.WORKER_LOST)
    assert kinds(job) == ["queued", "claimed", "retried", "retried"]


def test_f23_deploys_that_cost_an_attempt_would_fail_a_job(job, one):
    for _ in range(3):
        leases.release(leases.claim(one))
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("queued", 0)
    for _ in range(3):
        leases.fail(leases.claim(one), leases.WORKER_LOST)
        due(job)
    job.refresh_from_db()
    assert job.state == "failed"


def test_f24_order_of_another_version_that_is_not_refused_ends_the_worker(
    attempt, job, monkeypatch
):
    ScoringJob.objects.filter(pk=job.pk).update(payload={"version": 2})
    monkeypatch.setattr(supervisor, "PAYLOAD_VERSION", 2)
    with pytest.raises(KeyError):
        attempt("job.stub=0")
    job.refresh_from_db()
    assert job.state == "running", "until its lease is over"


@pytest.mark.parametrize("what", ["device", "disk"])
def test_f27_f28_worker_that_does_not_look_at_itself_takes_jobs_it_cannot_do(
    one, monkeypatch, what
):
    one.failures = 3 if what == "device" else 0
    monkeypatch.setenv("PODIUM_FAULTS", "worker.disk=full" if what == "disk" else "")
    assert worker.condition(one) != "ready"
    monkeypatch.setattr(supervisor, "MOST_FAILURES", 100)
    monkeypatch.setattr(worker, "disk_is_low", lambda: False)
    assert worker.condition(one) == "ready"


def test_f35_full_disk_that_costs_attempts_fails_a_table_that_is_not_at_fault(job, one):
    for _ in range(3):
        leases.fail(leases.claim(one), Trouble("storage", "The storage is full."))
        due(job)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "storage")


# --- Redis and PostgreSQL ------------------------------------------------------------------------


def test_f14_f33_bell_alone_loses_the_job(job, one, monkeypatch):
    """Whoever works only when a message comes never hears of it."""
    import redis
    from django.conf import settings

    tasks.ring()
    with redis.Redis.from_url(settings.REDIS_URL) as bell:
        bell.flushdb()
        assert bell.llen("cpu") == 0
    job.refresh_from_db()
    assert job.state == "queued"
    monkeypatch.setattr(worker, "myself", lambda: one)
    monkeypatch.setattr(
        worker, "close_old_connections", lambda: None
    )  # the test is one transaction
    monkeypatch.setenv("PODIUM_FAULTS", "job.stub=0")
    worker.look_once([])
    job.refresh_from_db()
    assert job.state == "succeeded", "a look by itself finds it"


def test_f15_bell_that_is_not_caught_fails_the_request(author, dataset, monkeypatch):
    def refuse(**_options):
        raise OSError(errno.ECONNREFUSED, "Connection refused")

    monkeypatch.setattr(tasks.look, "apply_async", refuse)
    tasks.ring()
    with pytest.raises(ConnectionRefusedError):
        tasks.look.apply_async()


def away() -> OperationalError:
    return OperationalError("server closed the connection unexpectedly")


def test_f18_last_word_that_is_said_once_is_lost_with_the_connection(job, one, monkeypatch):
    attempt = supervisor.Attempt(leases.claim(one), one, threading.Event())
    monkeypatch.setattr(supervisor.connection, "close", lambda: None)
    answers = [away(), None]

    def say(_job) -> None:
        if error := answers.pop(0):
            raise error

    attempt.persist(say)
    assert not answers, "said again"
    answers = [away()]

    def give_up(error: Exception) -> None:
        raise error

    monkeypatch.setattr(supervisor, "refuse_unless_away", give_up)
    with pytest.raises(OperationalError):
        attempt.persist(say)
    job.refresh_from_db()
    assert job.state == "running"


def test_f19_worker_that_does_not_count_its_lease_goes_on_without_the_database(
    job, one, monkeypatch, settings
):
    attempt = supervisor.Attempt(leases.claim(one), one, threading.Event())

    def fail(*_arguments, **_named) -> bool:
        raise away()

    monkeypatch.setattr(supervisor.leases, "heartbeat", fail)
    monkeypatch.setattr(supervisor.connection, "close", lambda: None)
    now = attempt.beaten + settings.PODIUM_LEASE + 1
    with pytest.raises(LeaseLost):
        attempt.beat(now, child=1)
    settings.PODIUM_LEASE = 1e9
    attempt.beat(now, child=1)  # and so on, while another one scores the same


# --- files ---------------------------------------------------------------------------------------


def test_f31_row_before_its_file_would_be_a_data_set_without_one(author, draft):
    lost = datasets.accept(author, draft, "t.csv", store.Stored("0" * 64, 9))
    assert broken() == [f"I2 there is no file of data set {lost.pk}"]


def test_f34_upload_without_a_reserve_takes_the_last_room(author, draft, settings, monkeypatch):
    import shutil

    from anomaly.datasets import uploading

    store.incoming().mkdir(parents=True)
    usage = shutil.disk_usage(store.incoming())
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage._replace(free=1000))
    settings.PODIUM_RESERVE_BYTES = 0
    assert uploading.begin(author, draft, name="a.csv", size=999)


def test_f36_file_that_is_not_looked_at_is_sent_broken(author, dataset, sign_in, monkeypatch):
    from django.urls import reverse

    changed = dataset.path.read_bytes()[::-1]
    dataset.path.write_bytes(changed)
    monkeypatch.setattr(store, "is_whole", lambda _sha256, _size: True)
    answer = sign_in(author).get(reverse("datasets:download", args=["summer", dataset.pk]))
    assert b"".join(answer.streaming_content) == changed
