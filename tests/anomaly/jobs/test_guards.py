"""What is tried differently when memory, a device or a clock is at fault; and settings refused."""

import contextlib
import json
import subprocess
import threading
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from anomaly.datasets import sandbox
from anomaly.jobs import actions, child, leases, orders, rules, troubles, worker
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import JobEvent, ScoringJob, ScoringJobQuerySet, Worker
from config.celery import app
from config.settings import database_limits
from tests.anomaly.jobs.conftest import kinds


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="one", device="cpu")


def fail_with(exit_status: int, one: Worker) -> ScoringJob:
    """The next attempt, as it is tried again after its child ended so."""
    held = leases.claim(one)
    leases.fail(held, troubles.explain(held, exit_status, {}, "log"))
    ScoringJob.objects.filter(pk=held.pk).update(run_after=Now())
    held.refresh_from_db()
    return held


def test_f26_gpu_memory_halves_the_rows_then_leaves_the_gpu_then_fails(
    job, one, settings, tmp_path
):
    settings.PODIUM_DEVICE = "cuda"
    ScoringJob.objects.filter(pk=job.pk).update(queue="gpu")
    tried = []
    for _ in range(2):
        again = fail_with(child.GPU_MEMORY, one)
        order = orders.make(again, tmp_path)
        tried.append((again.state, order["device"], order["halvings"]))
    assert tried == [("queued", "cuda", 1), ("queued", "cpu", 1)]
    last = fail_with(child.MEMORY, one)
    assert (last.state, last.error_code) == ("failed", "out_of_memory")


def test_f26_without_the_guard_the_same_is_tried_again(job, one, monkeypatch, tmp_path):
    """Negative control."""
    blunt = lambda _job: leases.Trouble("gpu_out_of_memory", "No memory.")  # noqa: E731
    monkeypatch.setitem(troubles.KNOWN, child.GPU_MEMORY, blunt)
    first = orders.make(job, tmp_path)
    assert orders.make(fail_with(child.GPU_MEMORY, one), tmp_path) == first


@pytest.mark.parametrize(
    ("fault", "exit_status"),
    [("memory", child.MEMORY), ("device", child.DEVICE), ("full", child.STORAGE_FULL)],
)
def test_child_says_by_its_exit_what_was_at_fault(fault, exit_status, tmp_path, monkeypatch):
    monkeypatch.setenv("PODIUM_FAULTS", f"job.start={fault}")
    order = {"device": "cpu", "seconds": 60, "filename": "t.csv"}
    (tmp_path / "order.json").write_text(json.dumps(order))
    started = sandbox.start(
        "anomaly.jobs.child", str(tmp_path / "order.json"), stdout=subprocess.DEVNULL, stderr=None
    )
    assert started.wait(60) == exit_status


def test_fewer_rows_at_once_are_scored_after_memory_ran_out(monkeypatch):
    from anomaly.detector import score

    monkeypatch.setattr(score, "ROWS_AT_ONCE", {"cpu": 512, "cuda": 16_384})
    child.fewer_rows_at_once(1)
    assert score.ROWS_AT_ONCE == {"cpu": 256, "cuda": 8192}


def test_f35_setbacks_end_too(job, one):
    """A disk that is never emptied ends the job with the reason, after many tries."""
    for _ in range(leases.MOST_SETBACKS):
        assert fail_with(child.STORAGE_FULL, one).state == "queued"
    last = fail_with(child.STORAGE_FULL, one)
    assert (last.state, last.error_code, last.attempt) == ("failed", "storage", 1)


def test_time_limits_grow_with_the_table(job, settings):
    settings.PODIUM_JOB_SECONDS = 3600
    small = orders.hard_seconds(job)
    job.dataset.profile["rows"] = 2_000_000
    assert small < orders.hard_seconds(job) < 3600
    job.dataset.profile["rows"] = 10**9
    assert orders.hard_seconds(job) == 3600
    assert orders.soft_seconds(job) < orders.hard_seconds(job)


# --- F11: cancel and finish at the same moment ---------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_f11_cancel_and_finish_at_once_end_the_job_once(job, one, author):
    for _ in range(30):
        held, gate = leases.claim(one), threading.Barrier(2)

        def finish(held=held, gate=gate) -> None:
            gate.wait(10)
            leases.succeed(held, artefact="artefacts/x/1", manifest="0" * 64)
            connection.close()

        thread = threading.Thread(target=finish)
        thread.start()
        gate.wait(10)
        with contextlib.suppress(actions.Refused):  # it had ended already
            actions.cancel(author, job)
        thread.join(20)
        job.refresh_from_db()
        assert (job.state, kinds(job).count("succeeded")) == ("succeeded", 1)
        job.events.filter(kind__in=JobEvent.ENDINGS).delete()
        again = {"state": "queued", "attempt": 0, "cancel_requested": False, "finished_at": None}
        ScoringJob.objects.filter(pk=job.pk).update(run_after=Now(), **again)


def test_f11_without_the_lock_a_late_cancel_would_reopen_a_finished_job(
    job, one, author, monkeypatch
):
    """Negative control: then only the database's constraint stands between."""
    held = leases.claim(one)
    monkeypatch.setattr(ScoringJobQuerySet, "select_for_update", lambda rows, **_options: rows)

    def finish_meanwhile(_user, _job) -> bool:
        leases.succeed(held, artefact="artefacts/x/1", manifest="0" * 64)
        return True

    monkeypatch.setattr(rules, "may_stop", finish_meanwhile)
    with (
        pytest.raises(IntegrityError, match="job_runs_exactly_under_a_lease"),
        transaction.atomic(),
    ):
        actions.cancel(author, job)


# --- F22, F38: reaping and clocks ----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_f22_two_reapers_at_once_take_a_job_back_once(job, one):
    leases.claim(one)
    ScoringJob.objects.filter(pk=job.pk).update(lease_until=Now() - leases.timedelta(seconds=1))
    gate, reaped = threading.Barrier(2), []

    def reap() -> None:
        gate.wait(10)
        reaped.append(leases.reap())
        connection.close()

    threads = [threading.Thread(target=reap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(reaped) == [0, 1]
    assert kinds(job) == ["queued", "claimed", "retried"]


def test_f38_database_clock_set_back_delays_nothing(job, one):
    """An hour back: what was due soon lies an hour ahead, and a lost worker's lease, too."""
    an_hour = leases.timedelta(hours=1)
    ScoringJob.objects.filter(pk=job.pk).update(run_after=Now() + an_hour)
    assert leases.claim(one) is None, "negative control: the job would wait for an hour"
    assert leases.mend_times() == 1
    assert leases.claim(one).pk == job.pk
    ScoringJob.objects.filter(pk=job.pk).update(lease_until=Now() + an_hour)
    assert leases.mend_times() == 1
    job.refresh_from_db()
    assert job.lease_until - job.started_at < an_hour
    assert leases.mend_times() == 0
    assert broken() == []


# --- F25: a deploy whose migration runs while old code does --------------------------------------

OLD_INSERT = """
    INSERT INTO jobs_scoringjob (id, dataset_id, requested_by_id, payload, state, priority, attempt,
        max_attempts, fence, worker, cancel_requested, stage, progress, error_code, error, artefact,
        manifest)
    SELECT gen_random_uuid(), dataset_id, requested_by_id, payload, 'queued', 0, 0, 3, 0, '', false,
        '', 0, '', '', '', '' FROM jobs_scoringjob"""


def test_f25_code_of_before_the_migration_still_queues_jobs(job, one):
    actions.cancel(job.requested_by, job)
    with connection.cursor() as cursor:
        cursor.execute(OLD_INSERT)
    assert leases.claim(one).pk != job.pk


def test_f25_column_without_a_default_would_stop_it(job):
    """Negative control."""
    actions.cancel(job.requested_by, job)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE jobs_scoringjob ALTER COLUMN step DROP DEFAULT")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(OLD_INSERT)


def test_f25_no_statement_waits_long_for_a_lock(db, monkeypatch):
    """Asked over a connection of its own: the suite lifts one of the limits for its own."""
    monkeypatch.delenv("PODIUM_IDLE_SECONDS", raising=False)
    own = connection.copy()
    own.settings_dict["OPTIONS"] |= database_limits()
    with contextlib.closing(own), own.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("30s",)


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PODIUM_LEASE", 1.0, "podium.E002"),
        ("PODIUM_SWEEP", 0, "podium.E001"),
        ("PODIUM_PART_ROWS", -1, "podium.E001"),
        ("PODIUM_DEVICE", "tpu", "podium.E003"),
        ("CELERY_TASK_ACKS_LATE", True, "podium.E004"),
        ("CELERY_TASK_ALWAYS_EAGER", True, "podium.E004"),
        ("CELERY_WORKER_PREFETCH_MULTIPLIER", 4, "podium.E005"),
        ("CELERY_BROKER_TRANSPORT_OPTIONS", {}, "podium.E006"),
    ],
)
def test_settings_that_lose_jobs_are_refused(settings, name, value, says):
    """By the site's check, and by each worker, which asks nothing else of it."""
    starting = SimpleNamespace(pool_cls="solo", app=app)
    call_command("check")
    worker.refuse_unsafe_settings(starting)
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=says):
        call_command("check")
    with pytest.raises(SystemExit):
        worker.refuse_unsafe_settings(starting)
