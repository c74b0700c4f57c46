"""Claim, heartbeat, finish, release, reap: each against those who do not hold the job."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from anomaly.jobs import actions, leases
from anomaly.jobs.invariants import broken
from anomaly.jobs.leases import LeaseLost, Trouble
from anomaly.jobs.models import JobEvent, ScoringJob, Worker
from tests.anomaly.jobs.conftest import kinds

CRASH = Trouble("crashed", "It crashed.")


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="one")


@pytest.fixture
def two(db) -> Worker:
    return Worker.objects.create(name="two")


def silent(job: ScoringJob) -> None:
    """As if its worker had not been heard of for a second longer than its lease."""
    ScoringJob.objects.filter(pk=job.pk).update(lease_until=Now() - leases.timedelta(seconds=1))


def due(job: ScoringJob) -> None:
    ScoringJob.objects.filter(pk=job.pk).update(run_after=Now())


def test_claim_takes_a_job_once(job, one, two):
    """F12: whoever hears the bell again finds nothing."""
    held = leases.claim(one)
    assert (held.pk, held.state, held.attempt, held.fence) == (job.pk, "running", 1, 1)
    assert [leases.claim(two) for _ in range(3)] == [None, None, None]
    assert kinds(job) == ["queued", "claimed"]


def test_succeeding_ends_a_job_once(job, one):
    held = leases.claim(one)
    leases.succeed(held, artefact="artefacts/x/1", manifest="0" * 64)
    with pytest.raises(LeaseLost):
        leases.succeed(held, artefact="artefacts/x/1", manifest="0" * 64)
    job.refresh_from_db()
    assert (job.state, job.lease_until) == ("succeeded", None)
    assert kinds(job) == ["queued", "claimed", "succeeded"]


def test_late_write_of_a_silent_worker_is_refused(job, one, two):
    """F05, without processes: the fence decides."""
    late = leases.claim(one)
    silent(job)
    assert leases.reap() == 1
    due(job)
    leases.succeed(leases.claim(two), artefact="artefacts/x/2", manifest="0" * 64)
    for write in (
        lambda: leases.heartbeat(late, one, stage="training", progress=0.5),
        lambda: leases.succeed(late, artefact="artefacts/x/1", manifest="1" * 64),
        lambda: leases.fail(late, CRASH),
        lambda: leases.cancelled(late),
        lambda: leases.release(late),
    ):
        with pytest.raises(LeaseLost):
            write()
    job.refresh_from_db()
    assert (job.state, job.artefact, job.attempt) == ("succeeded", "artefacts/x/2", 2)


def test_without_the_fence_the_late_write_wins(job, one, two, monkeypatch):
    """Negative control: the damage that the test above guards against does happen."""
    late = leases.claim(one)
    silent(job)
    leases.reap()
    due(job)
    leases.claim(two)
    monkeypatch.setattr(
        type(ScoringJob.objects.all()), "held", lambda rows, job: rows.running().filter(pk=job.pk)
    )
    leases.succeed(late, artefact="artefacts/x/1", manifest="1" * 64)
    job.refresh_from_db()
    assert (job.state, job.artefact) == ("succeeded", "artefacts/x/1")
    assert any("another attempt" in line for line in broken())


def test_lost_worker_costs_an_attempt_and_the_third_fails_the_job(job, one):
    for attempt in (1, 2, 3):
        due(job)
        assert leases.claim(one).attempt == attempt
        silent(job)
        assert leases.reap() == 1
        assert leases.reap() == 0
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "worker_lost")
    assert kinds(job).count("failed") == 1
    assert leases.claim(one) is None


def test_retried_job_waits_longer_each_time(job, one):
    waited = []
    for _ in range(2):
        due(job)
        leases.fail(leases.claim(one), CRASH)
        job.refresh_from_db()
        waited.append((job.run_after - job.events.last().at).total_seconds())
        assert leases.claim(one) is None
    assert waited == [pytest.approx(1, abs=0.2), pytest.approx(2, abs=0.2)]


def test_permanent_trouble_fails_at_once(job, one):
    trouble = Trouble("table.ragged", "Line 3 has too many cells.", permanent=True)
    leases.fail(leases.claim(one), trouble)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempt) == ("failed", trouble.sentence, 1)


def test_released_job_waits_again_and_costs_no_attempt(job, one, two):
    leases.release(leases.claim(one))
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("queued", 0)
    again = leases.claim(two)
    assert (again.attempt, again.fence) == (1, 2)


def test_heartbeat_keeps_the_job_and_says_who_wants_it_cancelled(job, one, author):
    held = leases.claim(one)
    silent(job)
    assert leases.heartbeat(held, one, stage="training", progress=0.4) is False
    assert leases.reap() == 0
    actions.cancel(author, job)
    assert leases.heartbeat(held, one, stage="training", progress=0.5) is True
    job.refresh_from_db()
    assert (job.stage, job.progress) == ("training", 0.5)


def test_cancelled_job_of_a_lost_worker_is_not_tried_again(job, one, author):
    leases.claim(one)
    actions.cancel(author, job)
    silent(job)
    leases.reap()
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert kinds(job)[-1] == "cancelled"


def test_jobs_are_taken_by_priority_then_age(author, draft, one):
    from anomaly.datasets import actions as datasets
    from tests.anomaly.conftest import table_file

    jobs = [
        actions.start(author, datasets.upload(author, draft, file=table_file(f"{i}.csv", seed=i)))
        for i in range(3)
    ]
    ScoringJob.objects.filter(pk=jobs[2].pk).update(priority=-1)
    taken = [leases.claim(one).pk for _ in jobs]
    assert taken == [jobs[2].pk, jobs[0].pk, jobs[1].pk]


@pytest.mark.parametrize(
    "change",
    [
        {"state": "running"},
        {"lease_until": Now()},
        {"state": "somewhere"},
        {"state": "failed"},
        {"state": "succeeded"},
    ],
)
def test_database_refuses_an_impossible_job(job, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringJob.objects.filter(pk=job.pk).update(**change)


def test_database_refuses_a_second_ending(job):
    job.events.create(kind=JobEvent.Kind.FAILED, attempt=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        job.events.create(kind=JobEvent.Kind.SUCCEEDED, attempt=1)


def test_database_refuses_a_second_unfinished_job(job):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringJob.objects.create(
            dataset=job.dataset, requested_by=job.requested_by, payload=job.payload
        )


# --- F13: two workers, one job, over real connections ---------------------------------------------


def race(workers: list[Worker]) -> list[ScoringJob]:
    """All claim at the same moment, each over its own connection; returns what they got."""
    gate, got = threading.Barrier(len(workers)), []

    def claim(worker: Worker) -> None:
        try:
            gate.wait(10)
            job = leases.claim(worker)
            if job:
                got.append(job)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return got


def again(job: ScoringJob) -> None:
    ScoringJob.objects.filter(pk=job.pk).update(
        state="queued", lease_until=None, attempt=0, run_after=Now()
    )


def all_see_it_waiting(monkeypatch, number: int) -> None:
    """Without SKIP LOCKED, and nobody goes on before everybody has seen the job."""
    seen = threading.Barrier(number)

    def candidate(_worker: Worker) -> ScoringJob | None:
        job = ScoringJob.objects.waiting().first()
        seen.wait(10)
        return job

    monkeypatch.setattr(leases, "candidate", candidate)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_get_the_same_job(job, one, two):
    for _ in range(50):
        assert len(race([one, two])) == 1
        again(job)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_both_saw_it_never_get_the_same_job(job, one, two, monkeypatch):
    """Compare and set alone is enough."""
    all_see_it_waiting(monkeypatch, 2)
    for _ in range(20):
        assert len(race([one, two])) == 1
        again(job)


@pytest.mark.django_db(transaction=True)
def test_without_the_guards_two_workers_get_the_same_job(job, one, two, monkeypatch):
    """Negative control."""
    all_see_it_waiting(monkeypatch, 2)

    def take(job: ScoringJob, worker: Worker) -> bool:
        return bool(
            ScoringJob.objects.filter(pk=job.pk).update(
                state="running", worker=worker.name, lease_until=Now() + leases.lease()
            )
        )

    monkeypatch.setattr(leases, "take", take)
    assert len(race([one, two])) == 2
