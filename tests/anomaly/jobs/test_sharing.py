"""B25: the same content with the same roles, by the same detector, is scored once; every job ends
by itself all the same, and nobody learns of another team's."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from anomaly.datasets import actions as datasets
from anomaly.datasets import store
from anomaly.jobs import actions, artefacts, leases, sharing, supervisor, versions
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import ScoringJob, Worker
from anomaly.reports.models import Report
from submissions.entries import actions as entries
from tests.anomaly.conftest import small_table, with_content
from tests.anomaly.jobs.conftest import kinds


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="one", device="cpu")


@pytest.fixture
def two(db) -> Worker:
    return Worker.objects.create(name="two", device="cpu")


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def theirs(event, track, rival, understood) -> ScoringJob:
    """The same table of another team."""
    draft = entries.create_draft(
        rival, event, track=track, title="Theirs", summary="s", description="d"
    )
    stored = store.keep([small_table().encode()], limit=10_000)
    return actions.start(rival, with_content(rival, draft, "other.csv", stored, understood))


def work(worker: Worker) -> None:
    """One attempt."""
    assert supervisor.work_one(worker, threading.Event())


def no_child(monkeypatch) -> None:
    def refuse(*_arguments, **_options):
        raise AssertionError("it is scored once more")

    monkeypatch.setattr("anomaly.jobs.nursery.start", refuse)


@pytest.fixture
def done(job, one, monkeypatch) -> ScoringJob:
    monkeypatch.setenv("PODIUM_FAULTS", "job.stub=0")
    work(one)
    job.refresh_from_db()
    assert (job.state, job.stamp["code"]) == ("succeeded", versions.code())
    return job


def test_same_table_of_another_team_gets_a_result_of_its_own_without_being_scored(
    done, theirs, one, monkeypatch, settings
):
    no_child(monkeypatch)
    work(one)
    theirs.refresh_from_db()
    assert kinds(theirs) == ["queued", "claimed", "succeeded"]
    assert theirs.artefact == f"artefacts/{theirs.pk}/1" != done.artefact
    assert (theirs.manifest, theirs.stamp) == (done.manifest, done.stamp)
    assert broken() == []
    shutil.rmtree(artefacts.folder_of(done))
    artefacts.verify(theirs)  # what becomes of the other one does not touch it


def test_each_team_sees_its_own_report_only(done, theirs, one, author, rival, sign_in):
    work(one)
    assert [r.pk for r in Report.objects.visible_to(author)] == [done.pk]
    assert [r.pk for r in Report.objects.visible_to(rival)] == [theirs.pk]
    page = sign_in(rival).get(theirs.get_absolute_url()).content.decode()
    for secret in (str(done.pk), str(done.dataset_id), done.dataset.submission.title, author.name):
        assert secret not in page


def test_same_order_waits_while_the_first_is_under_way(job, theirs, one, two):
    first = leases.claim(one)
    assert leases.claim(two) is None
    leases.fail(first, leases.Trouble("table.x", "Bad.", permanent=True))
    assert leases.claim(two).pk == ({job.pk, theirs.pk} - {first.pk}).pop()


def test_other_roles_wait_for_nobody_and_are_scored(done, theirs, rival, one, two, monkeypatch):
    actions.cancel(rival, theirs)
    table = datasets.choose_roles(rival, theirs.dataset, roles={"y": "ignore"})
    other = actions.start(rival, table)
    assert other.fingerprint != done.fingerprint
    work(one)
    other.refresh_from_db()
    assert other.state == "succeeded"
    assert not os.path.samefile(summary(other), summary(done))


def summary(job: ScoringJob) -> Path:
    return artefacts.folder_of(job) / "summary.json"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_begin_the_same_order_once(job, theirs):
    """The database refuses the second, which looks again later."""
    gate, claimed = threading.Barrier(2), []

    def claim(number: int) -> None:
        try:
            worker = Worker.objects.create(name=f"w{number}")
            gate.wait(10)
            claimed.append(leases.claim(worker))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len([found for found in claimed if found]) == 1
    assert ScoringJob.objects.running().count() == 1


def test_asking_again_when_nothing_has_changed_leads_to_the_result(done, author, sign_in):
    assert actions.start(author, done.dataset) == done
    address = reverse("jobs:start", args=["summer", done.dataset_id])
    page = sign_in(author).post(address, follow=True).content.decode()
    assert "Nothing has changed since this was scored" in page
    assert ScoringJob.objects.count() == 1


def test_damaged_result_is_neither_shared_nor_kept_from_being_made_again(done, theirs, author, one):
    """Negative control of the comparison with the manifest: the size alone does not tell."""
    text = summary(done).read_text()
    summary(done).write_text(text.replace("seed", "need"))
    assert sharing.is_readable(done)
    work(one)
    theirs.refresh_from_db()
    artefacts.verify(theirs)
    assert summary(theirs).read_text() == text
    (artefacts.folder_of(done) / "scores.csv").unlink()
    assert actions.start(author, done.dataset) != done


def test_another_detector_scores_it_again(done, theirs, one, author, monkeypatch):
    monkeypatch.setattr(versions, "code", lambda: "of tomorrow")
    assert actions.start(author, done.dataset) != done
    assert sharing.share(theirs, artefacts.workplace(theirs)) is None


def test_organizer_who_doubts_a_result_has_it_made_anew(done, organizer, one, submission):
    again = actions.rerun(organizer, done)
    assert again.fingerprint == ""
    work(one)
    again.refresh_from_db()
    assert again.state == "succeeded"
    assert not os.path.samefile(summary(again), summary(done))
