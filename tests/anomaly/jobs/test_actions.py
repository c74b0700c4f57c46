import time
from datetime import timedelta

import pytest
from django.test import override_settings

from anomaly.datasets import actions as datasets
from anomaly.jobs import actions, leases, measures, models, tasks
from anomaly.jobs.models import ScoringJob, Worker
from events.models import Phase
from notices.models import AuditEntry
from tests.anomaly.conftest import table_file
from tests.conftest import close_phase
from tests.servers import free_port
from theme.refusal import Refused


def test_start_queues_with_the_roles_of_now(author, dataset):
    dataset = datasets.choose_roles(author, dataset, roles={"y": "ignore"})
    job = actions.start(author, dataset)
    datasets.choose_roles(author, dataset, roles={"y": "feature"})
    job.refresh_from_db()
    said = {"roles": {"x": "feature", "y": "ignore"}, "kinds": {}, "told": {}}
    assert job.payload == {"version": 1, "seed": 0, **said}
    assert job.state == "queued"
    assert AuditEntry.objects.filter(verb="start_scoring", event="summer").count() == 1


def test_start_twice_is_one_job(author, dataset):
    assert actions.start(author, dataset) == actions.start(author, dataset)
    assert ScoringJob.objects.count() == 1


def test_start_after_the_end_is_a_new_job(author, dataset):
    first = actions.start(author, dataset)
    actions.cancel(author, first)
    assert actions.start(author, dataset) != first


@pytest.mark.parametrize("person", ["rival", "judge", "organizer", "stranger"])
def test_start_by_others_is_refused(person, dataset, submission, request):
    with pytest.raises(Refused) as refused:
        actions.start(request.getfixturevalue(person), dataset)
    assert refused.value.code == "job.not_yours"


def test_start_after_the_deadline_is_refused(author, dataset, event):
    close_phase(event, Phase.Kind.SUBMISSION)
    with pytest.raises(Refused) as refused:
        actions.start(author, dataset)
    assert refused.value.code == "deadline.passed"


def test_start_of_a_rejected_file_is_refused(author, draft):
    rejected = datasets.upload(author, draft, file=table_file(text="a,b\n1,2,3\n"))
    with pytest.raises(Refused) as refused:
        actions.start(author, rejected)
    assert refused.value.code == "dataset.rejected"


def test_cancel_while_waiting_ends_at_once(author, dataset, db):
    """F09."""
    job = actions.start(author, dataset)
    actions.cancel(author, job)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert job.finished_at is not None
    assert leases.claim(Worker.objects.create(name="w")) is None
    with pytest.raises(Refused) as refused:
        actions.cancel(author, job)
    assert refused.value.code == "job.ended"


@pytest.mark.parametrize(
    ("person", "may"), [("organizer", True), ("rival", False), ("judge", False)]
)
def test_who_may_cancel(person, may, author, dataset, submission, request):
    job = actions.start(author, dataset)
    user = request.getfixturevalue(person)
    if may:
        assert actions.cancel(user, job).state == "cancelled"
    else:
        with pytest.raises(Refused):
            actions.cancel(user, job)


@pytest.mark.django_db(transaction=True)
def test_start_succeeds_quickly_while_redis_is_away(author, dataset, monkeypatch):
    """F15: the request succeeds; the row is all that counts."""
    from config.celery import app

    nobody = f"redis://127.0.0.1:{free_port()}/0"
    with app.connection_for_write(url=nobody) as away:
        real = tasks.look.apply_async
        monkeypatch.setattr(
            tasks.look, "apply_async", lambda **options: real(connection=away, **options)
        )
        began = time.monotonic()
        job = actions.start(author, dataset)
    assert time.monotonic() - began < 2
    job.refresh_from_db()
    assert job.state == "queued"


def test_oldest_waiting_is_measured_by_the_databases_clock(author, dataset):
    assert measures.oldest_waiting_seconds() is None
    job = actions.start(author, dataset)
    ScoringJob.objects.filter(pk=job.pk).update(run_after=models.Now() - timedelta(seconds=90))
    assert measures.oldest_waiting_seconds() == pytest.approx(90, abs=2)


def test_worker_is_alive_for_a_lease(db):
    Worker.objects.create(name="here")
    Worker.objects.create(name="gone", seen_at=models.Now() - timedelta(seconds=4))
    with override_settings(PODIUM_LEASE=3):
        assert [worker.name for worker in Worker.objects.alive()] == ["here"]
