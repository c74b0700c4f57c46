"""From a participant's hands to the evidence: pages, a real worker, PostgreSQL and Redis."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anomaly.datasets.models import Dataset
from anomaly.jobs import tasks
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import ScoringJob
from submissions.entries import actions as entries
from tests.anomaly.conftest import breast_cancer
from tests.anomaly.jobs.conftest import ended, eventually, kinds, short_times, worker

__all__ = ["short_times", "worker"]  # fixtures

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def test_breast_cancer_is_found_from_upload_to_the_judges_evidence(
    sign_in, author, submission, judge, worker
):
    entries.give_to_read(None, submission, to=judge)
    browser = sign_in(author)
    upload = reverse("datasets:upload", args=["summer", submission.pk])
    browser.post(upload, {"file": SimpleUploadedFile("cells.csv", breast_cancer().encode())})
    dataset = Dataset.objects.get()
    roles = {f"role_{i}": "feature" for i in range(30)} | {"role_30": "label"}
    worker()
    browser.post(reverse("jobs:start", args=["summer", dataset.pk]), roles)
    for _ in range(3):
        tasks.ring()  # F12: the same message again and again
    job = ScoringJob.objects.get()
    eventually(lambda: ended(job), within=90)
    assert (job.state, job.error) == ("succeeded", "")
    assert kinds(job) == ["queued", "claimed", "succeeded"]
    evidence = sign_in(judge).get(reverse("reports:panel", args=[submission.pk]))
    auroc = re.search(r"AUROC\s+(0\.\d+)", evidence.content.decode())
    assert float(auroc[1]) > 0.9
    report = sign_in(judge).get(reverse("reports:detail", args=["summer", job.pk]))
    assert "diagnosis" in report.content.decode()
    assert broken() == []
