import pytest

from anomaly.jobs import actions
from anomaly.jobs.invariants import broken
from tests.anomaly.jobs.conftest import eventually

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def test_worker_scores_a_table(author, dataset, worker):
    job = actions.start(author, dataset)
    worker()
    eventually(lambda: job.refresh_from_db() or job.ended, within=60)
    assert job.state == "succeeded"
    assert broken() == []
