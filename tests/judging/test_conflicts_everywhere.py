"""A conflicted judge sees nothing of the submission, whatever address is asked for (B60, B89)."""

import itertools

import pytest
from django.urls import reverse

from judging.ballots import actions as ballots
from judging.panel import actions as panel
from judging.panel import conflicts
from tests.judging.conftest import make_submission, scores_of
from tests.test_permissions import PAGES

WORD = "zqkestrelqz"


@pytest.fixture
def read(event, organizer, criteria, judge, second_judge):
    """Read and scored by two judges; pairs and discussion are on."""
    panel.set_up(organizer, event, pairs=True, discussion=True)
    submission = make_submission(event, WORD)
    make_submission(event, "Other")
    for user in (judge, second_judge):
        assignment = panel.assign(organizer, submission, judge=user)
        ballots.submit(user, assignment, scores=scores_of(event, 4))
    return submission


def addresses(event, submission):
    things = {"slug": [event.slug], "submission": [submission.pk]}
    for name, page in PAGES.items():
        if page.method == "get":
            lists = [things.get(argument, []) for argument in page.arguments]
            yield from (reverse(name, args=chosen) for chosen in itertools.product(*lists))


def seen_at(browser, event, submission):
    told = {}
    for path in addresses(event, submission):
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.get(path, headers=headers)
            assert answer.status_code < 500, path
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told[path] = told.get(path, False) or WORD in body.decode(errors="replace")
    return {path for path, shown in told.items() if shown}


def test_after_a_conflict_no_address_shows_the_submission(sign_in, event, judge, read):
    assert seen_at(sign_in(judge), event, read)  # negative control: it was seen before
    conflicts.declare_conflict(judge, read, judge=judge)
    assert seen_at(sign_in(judge), event, read) == set()


def test_the_other_judge_still_sees_it(sign_in, event, judge, second_judge, read):
    conflicts.declare_conflict(judge, read, judge=judge)
    assert seen_at(sign_in(second_judge), event, read)
