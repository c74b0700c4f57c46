"""What those who run an event see, and what machines are told."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from anomaly.datasets import actions as datasets
from anomaly.jobs import actions, leases, measures, versions
from anomaly.jobs.leases import Trouble
from anomaly.jobs.models import ScoringJob, Worker
from submissions.entries.models import Submission
from tests.anomaly.conftest import table_file
from theme.refusal import Refused

TRACE = 'File "/srv/podium/anomaly/jobs/child.py", line 7'


@pytest.fixture(autouse=True)
def workers_stay_alive(settings, short_times):
    """However slow the machine is."""
    settings.PODIUM_LEASE = 60.0


@pytest.fixture
def job(author, dataset, submission) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="host:1", device="cpu", memory=3 * 2**20)


def page_for(browser, **asked) -> str:
    return browser.get(reverse("jobs:overview", args=["summer"]), asked).content.decode()


def succeed(job: ScoringJob, worker: Worker, code: str) -> None:
    held = leases.claim(worker)
    leases.succeed(held, artefact="artefacts/x/1", manifest="0" * 64, stamp={"code": code})
    job.refresh_from_db()


def test_organizer_sees_workers_queues_and_jobs(sign_in, organizer, job, one):
    leases.claim(one)
    page = page_for(sign_in(organizer))
    for text in ("host:1", "3.0\xa0MB", "Being scored", job.dataset.name, "Authors"):
        assert text in page
    assert "No worker is alive" not in page


def test_organizer_is_warned_without_a_worker(sign_in, organizer, job):
    page = page_for(sign_in(organizer))
    assert "No worker is alive and fit: nothing is scored until one is started." in page
    assert 'class="notice notice--bad" role="alert"' in page


def test_organizer_is_warned_of_a_job_that_waits_too_long(sign_in, organizer, job, one, settings):
    waited = timedelta(seconds=settings.PODIUM_WAIT_ALARM + 60)
    assert measures.alarms() == []
    ScoringJob.objects.filter(pk=job.pk).update(run_after=Now() - waited)
    assert "A table has waited for 11 min" in page_for(sign_in(organizer))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"state": "low_disk"}, "host:1: Takes no job: its disk is almost full."),
        ({"state": "unhealthy"}, "host:1: Takes no job: its device failed several times in a row."),
        ({"skew": 300.0}, "The clock of host:1 is 300 seconds off; jobs do not depend on it."),
    ],
)
def test_unfit_worker_is_an_alarm(one, fields, says):
    """F27, F28, F37."""
    Worker.objects.create(name="other")
    Worker.objects.filter(pk=one.pk).update(**fields)
    assert measures.alarms() == [says]


def test_jobs_are_filtered_by_state_and_words(sign_in, organizer, job, one):
    browser = sign_in(organizer)
    assert job.dataset.name in page_for(browser, state="queued", q="auth")
    assert "No job to show" in page_for(browser, state="failed")
    assert "No job to show" in page_for(browser, q="nothing like it")


def test_jobs_of_drafts_stay_private(sign_in, organizer, author, dataset, one):
    leases.claim(one) if actions.start(author, dataset) else None
    page = page_for(sign_in(organizer))
    assert dataset.name not in page
    assert "a table of a draft or of another event" in page


def test_log_is_in_sentences_for_the_team_and_in_full_for_organizers(
    sign_in, author, organizer, judge, job, one
):
    leases.fail(leases.claim(one), Trouble("crashed", "It crashed.", detail=TRACE))
    team, runner = (
        sign_in(u).get(job.get_absolute_url()).content.decode() for u in (author, organizer)
    )
    assert "Ended early; will be tried again: It crashed." in team
    assert "host:1" not in team
    assert "child.py" not in team
    assert "child.py" in runner


def test_rerun_makes_a_new_job_beside_the_old_one(sign_in, organizer, job, one):
    succeed(job, one, "old")
    answer = sign_in(organizer).post(reverse("jobs:rerun", args=["summer", job.pk]))
    again = ScoringJob.objects.get(rerun_of=job)
    assert answer["Location"] == again.get_absolute_url()
    assert (again.payload, again.state) == (job.payload, "queued")
    job.refresh_from_db()
    assert (job.state, job.stamp) == ("succeeded", {"code": "old"})


def test_rerun_all_takes_results_of_earlier_detectors_only(organizer, event, job, one):
    succeed(job, one, "old")
    [again] = actions.rerun_all(organizer, event)
    assert (again.rerun_of, again.priority) == (job, actions.LATER)
    assert actions.rerun_all(organizer, event) == [], "it is under way"
    succeed(again, one, versions.code())
    assert actions.rerun_all(organizer, event) == []


@pytest.mark.parametrize("person", ["author", "judge", "stranger"])
def test_rerun_by_others_is_refused(person, request, event, job, one):
    succeed(job, one, "old")
    user = request.getfixturevalue(person)
    for verb, thing in ((actions.rerun, job), (actions.rerun_all, event)):
        with pytest.raises(Refused):
            verb(user, thing)


def test_rerun_of_what_is_under_way_is_refused(organizer, job, one):
    succeed(job, one, "old")
    actions.rerun(organizer, job)
    with pytest.raises(Refused) as refused:
        actions.rerun(organizer, job)
    assert refused.value.code == "job.under_way"


def test_metrics_tell_the_same_figures(client, job, one):
    leases.claim(one)
    lines = client.get("/metrics").content.decode().splitlines()
    assert 'podium_jobs{state="running"} 1.0' in lines
    assert 'podium_workers{device="cpu",state="ready"} 1.0' in lines
    assert 'podium_worker_memory_bytes{worker="host:1"} 3.145728e+06' in lines
    assert 'podium_queue_waiting{queue="cpu"} 0.0' in lines
    assert "podium_alarms 0.0" in lines


def asked_from(address: str, token: str = "", **headers) -> int:
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return Client().get("/metrics", REMOTE_ADDR=address, headers=headers).status_code


def test_metrics_without_a_token_are_for_this_machine_only(db):
    assert asked_from("127.0.0.1") == 200
    assert asked_from("192.0.2.7") == 404
    assert asked_from("127.0.0.1", **{"X-Forwarded-For": "192.0.2.7"}) == 404


def test_metrics_with_a_token_are_for_who_has_it(db, settings):
    settings.PODIUM_METRICS_TOKEN = "a long token"
    assert asked_from("192.0.2.7", "a long token") == 200
    assert asked_from("192.0.2.7", "another") == 404
    assert asked_from("127.0.0.1") == 404


def test_job_of_a_talk_is_shown_and_found_by_its_authors(sign_in, organizer, job, submission):
    Submission.objects.filter(pk=submission.pk).update(team=None)
    submission.authors.create(position=0, name="First author")
    page = page_for(sign_in(organizer), q="first AUTHOR")
    assert "<td>First author</td>" in page
    assert "First author" not in page_for(sign_in(organizer), q="nobody")


def test_table_that_waits_long_to_be_read_raises_alarm_and_is_counted(author, draft, settings):
    settings.PODIUM_READ_BYTES = 0
    datasets.upload(author, draft, file=table_file())
    Worker.objects.create(name="w")
    assert measures.alarms() == []
    assert b"podium_tables_to_read 1.0" in Client().get("/metrics").content
    settings.PODIUM_WAIT_ALARM = -1
    assert [one for one in measures.alarms() if "to be read" in one]
