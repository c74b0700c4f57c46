import re

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from anomaly.datasets import actions as datasets
from anomaly.jobs import actions, leases
from anomaly.jobs.leases import Trouble
from anomaly.jobs.models import ScoringJob, Worker
from submissions.entries import actions as entries
from tests.anomaly.conftest import table_file


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def one(db) -> Worker:
    return Worker.objects.create(name="one")


def part(browser, job):
    """What htmx gets every second."""
    address = reverse("jobs:progress", args=["summer", job.pk])
    return browser.get(address, headers={"HX-Request": "true"})


def test_one_button_saves_the_roles_and_starts(sign_in, author, dataset):
    address = reverse("jobs:start", args=["summer", dataset.pk])
    answer = sign_in(author).post(address, {"role_0": "feature", "role_1": "label"})
    job = ScoringJob.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    assert job.payload["roles"] == {"x": "feature", "y": "label"}


def test_impossible_roles_start_nothing_and_are_told_in_the_form(sign_in, author, dataset):
    address = reverse("jobs:start", args=["summer", dataset.pk])
    answer = sign_in(author).post(address, {"role_0": "label", "role_1": "label"})
    assert answer.status_code == 422
    assert "Only one column can be the label." in answer.content.decode()
    assert not ScoringJob.objects.exists()


def test_waiting_job_says_its_place(sign_in, author, draft, job, one):
    second = actions.start(author, datasets.upload(author, draft, file=table_file("b.csv")))
    page = sign_in(author).get(second.get_absolute_url()).content.decode()
    assert "number 2 in the queue" in page
    assert 'hx-trigger="every 1s"' in page


def test_waiting_without_any_worker_says_so(sign_in, author, job):
    assert "Waiting for a worker" in sign_in(author).get(job.get_absolute_url()).content.decode()


def test_running_job_says_what_happens_and_how_far_it_is(sign_in, author, job, one):
    leases.heartbeat(leases.claim(one), one, stage="training", progress=0.42)
    answer = part(sign_in(author), job)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Learning what is usual" in page
    assert "42 %" in page
    assert "<html" not in page


def test_polling_stops_with_the_link_to_the_report(sign_in, author, job, one):
    leases.succeed(leases.claim(one), artefact="artefacts/x/1", manifest="0" * 64)
    answer = part(sign_in(author), job)
    assert answer.status_code == 286
    page = answer.content.decode()
    assert reverse("reports:detail", args=["summer", job.pk]) in page
    assert "hx-get" not in page
    assert '<section class="stack" id="log" hx-swap-oob="true"' in page, "the log, too, is whole"


def test_failed_job_says_why_and_offers_another_try(sign_in, author, job, one):
    leases.fail(leases.claim(one), Trouble("x", "Line 3 is <odd>.", permanent=True))
    page = sign_in(author).get(job.get_absolute_url()).content.decode()
    assert "Line 3 is &lt;odd&gt;." in page
    assert "Score again" in page


def test_cancel_from_the_page(sign_in, author, job):
    sign_in(author).post(reverse("jobs:cancel", args=["summer", job.pk]))
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_refused_cancel_comes_back_with_the_sentence(sign_in, author, job):
    actions.cancel(author, job)
    answer = sign_in(author).post(
        reverse("jobs:cancel", args=["summer", job.pk]),
        headers={"Referer": f"http://testserver{job.get_absolute_url()}"},
        follow=True,
    )
    assert "There is nothing to cancel: cancelled already." in answer.content.decode()


MAY = {  # of a draft, of what was handed in: see; start; cancel
    "rival": (404, 404, 404),
    "stranger": (404, 404, 404),
    "judge": (404, 404, 404),
    "organizer": (200, 404, 302),
    "reader": (200, 404, 404),
}


@pytest.mark.parametrize("person", MAY)
def test_who_may_see_start_and_cancel(person, request, sign_in, author, draft, job, judge):
    if person == "reader":
        entries.give_to_read(None, draft, to=judge)
    browser = sign_in(judge if person == "reader" else request.getfixturevalue(person))
    assert browser.get(job.get_absolute_url()).status_code == 404  # nobody sees a draft's
    entries.submit(author, draft)
    answers = (
        browser.get(job.get_absolute_url()),
        browser.post(reverse("jobs:start", args=["summer", job.dataset.pk])),
        browser.post(reverse("jobs:cancel", args=["summer", job.pk])),
    )
    assert tuple(answer.status_code for answer in answers) == MAY[person]
    job.refresh_from_db()
    assert (job.state == "cancelled") == (person == "organizer")


def test_elapsed_is_in_words(sign_in, author, job, one):
    leases.claim(one)
    ScoringJob.objects.filter(pk=job.pk).update(started_at=Now() - leases.timedelta(seconds=75))
    assert "Running for 1 min 15 s." in part(sign_in(author), job).content.decode()


@pytest.mark.parametrize("whose", ["author", "organizer"])
def test_table_and_its_scoring_stand_below_the_submissions(
    whose, sign_in, job, author, organizer, submission
):
    browser = sign_in({"author": author, "organizer": organizer}[whose])
    for address in (job.get_absolute_url(), job.dataset.get_absolute_url()):
        page = browser.get(address).content.decode()
        assert re.search(r'aria-current="page">(Your s|S)ubmissions</a>', page)
