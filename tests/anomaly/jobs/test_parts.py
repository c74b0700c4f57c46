"""A table too large for one worker: learnt once, scored in parts by many, merged."""

import os
import signal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from polars.testing import assert_frame_equal

from anomaly.detector.parts import score_in_parts
from anomaly.jobs import actions, artefacts, leases
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import ScoringJob, Worker
from anomaly.reports.models import Report
from tests.anomaly.jobs.conftest import ended, eventually, kinds

MADE = {"artefact": "artefacts/x/1", "manifest": "0" * 64}


@pytest.fixture
def job(author, dataset, settings) -> ScoringJob:
    """Sixty rows, twenty to a part."""
    settings.PODIUM_PART_ROWS = 20
    return actions.start(author, dataset)


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="one")


@pytest.fixture
def divided(job, one) -> ScoringJob:
    leases.divide(leases.claim(one), parts=3, **MADE)
    job.refresh_from_db()
    return job


def test_divided_job_waits_for_its_parts_and_is_merged_after_them(divided, one):
    assert [divided.step, divided.state] == ["merge", "queued"]
    for number in range(3):
        part = leases.claim(one)
        assert (part.parent_id, part.part, part.step) == (divided.pk, number, "part")
        leases.succeed(part, **MADE)
    last = leases.claim(one)
    assert (last.pk, last.step, last.attempt) == (divided.pk, "merge", 1)
    leases.succeed(last, **MADE)
    assert [job.pk for job in Report.objects.all()] == [divided.pk], "a part is no report"


def test_part_that_fails_fails_the_job_with_its_reason_and_stops_the_others(divided, one):
    trouble = leases.Trouble("table.bad", "Row 7 is bad.", permanent=True)
    leases.fail(leases.claim(one), trouble)
    divided.refresh_from_db()
    assert (divided.state, divided.error) == ("failed", "Row 7 is bad.")
    assert kinds(divided) == ["queued", "claimed", "divided", "failed"]
    states = sorted(divided.parts.values_list("state", flat=True))
    assert states == ["cancelled", "cancelled", "failed"]
    assert leases.claim(one) is None


def test_cancel_while_parts_are_scored_ends_them_too(divided, one, author):
    """F10, in the stage of the parts."""
    held = leases.claim(one)
    actions.cancel(author, divided)
    assert leases.heartbeat(held, one, stage="scoring", progress=0.5) is True
    leases.cancelled(held)
    divided.refresh_from_db()
    assert divided.state == "cancelled"
    assert {*divided.parts.values_list("state", flat=True)} == {"cancelled"}
    assert broken() == []


def test_part_of_a_lost_worker_is_scored_by_another(divided, one):
    lost = leases.claim(one)
    ScoringJob.objects.filter(pk=lost.pk).update(lease_until=Now() - leases.timedelta(seconds=1))
    leases.reap()
    ScoringJob.objects.filter(pk=lost.pk).update(run_after=Now())
    other = Worker.objects.create(name="two")
    numbers = [leases.claim(other).part for _ in range(3)]
    assert sorted(numbers) == [0, 1, 2]
    with pytest.raises(leases.LeaseLost):
        leases.succeed(lost, **MADE)


def test_large_table_is_divided_and_a_small_one_is_not(job, author, settings):
    assert (job.step, job.payload["part_rows"]) == ("fit", 20)
    actions.cancel(author, job)
    settings.PODIUM_PART_ROWS = 60
    assert actions.start(author, job.dataset).step == "whole"


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_parts_scored_by_many_workers_make_the_result_of_one(
    job, worker, barrier, tmp_path, settings, sign_in, author
):
    """The worker that scores the second part is killed; nothing is lost, and the result is the
    same to the last bit as that of one process."""
    one = worker(PODIUM_FAULTS=barrier.at("job.part@1"))
    barrier.reached()
    page = sign_in(author).get(job.get_absolute_url()).content.decode()
    assert "Being scored by several workers" in page
    os.killpg(one.pid, signal.SIGKILL)
    worker()
    worker()
    eventually(lambda: ended(job), within=400)
    assert (job.state, job.stamp["parts"]) == ("succeeded", 3)
    assert job.parts.get(part=1).attempt == 2
    alone = tmp_path / "alone"
    options = {"roles": job.payload["roles"], "part_rows": 20}
    summary = score_in_parts(job.dataset.path, alone, filename=job.dataset.name, **options)
    ours = pl.read_parquet(artefacts.folder_of(job) / "scores.parquet")
    assert_frame_equal(ours, pl.read_parquet(alone / "result" / "scores.parquet"), check_exact=True)
    assert Report.objects.get().summary["top"] == summary["top"]
    call_command("sweep", "--once")
    kept = [p for p in (Path(settings.MEDIA_ROOT) / "artefacts").glob("*/*")]
    assert kept == [artefacts.folder_of(job)], "what was between the steps is swept"
    assert broken() == []
