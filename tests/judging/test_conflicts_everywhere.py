"""A conflicted judge sees nothing of the submission, whatever address is asked for (B60, B89).

In the world of the permission tests there is one of everything: every address of the site is asked,
with the submission, its team, its data and its job as they are named there.
"""

import pytest

from anomaly.datasets.models import Dataset
from events.models import Team
from judging.awards import actions as awards
from judging.panel import conflicts
from notices.models import Mail
from submissions.entries.models import Submission
from tests.anomaly.conftest import understood  # noqa: F401 - a fixture
from tests.test_permissions import PAGES, ask, world  # noqa: F401 - a fixture

WORD = "zqkestrelqz"
OF_IT = {"submission", "dataset", "job", "report", "waiting"}
# The team's link to join it is its own secret: it names the team to whoever was given it.
BY_SECRET = {"events:join"}


@pytest.fixture
def named(world):  # noqa: F811
    """Whatever can name the submission has the one word in it."""
    told = {"title": WORD, "summary": WORD, "description": WORD}
    Submission.objects.filter(pk=world.submission).update(**told)
    Team.objects.filter(pk=world.team.pk).update(name=WORD)
    Dataset.objects.filter(pk=world.dataset).update(name=f"{WORD}.csv")
    return world


def answers(browser, world, names=PAGES):  # noqa: F811
    """(name, status, whether the word is in body or headers) for each address, changes undone."""
    for name in names:
        page = PAGES[name]
        answer = ask(browser, page.method, page.path(name, world))
        assert answer.status_code < 500, name
        body = b"" if answer.streaming else answer.content
        told = body.decode(errors="replace") + str(answer.headers)
        yield name, answer.status_code, WORD in told


def test_after_a_conflict_no_address_shows_the_submission(named, sign_in, judge):
    submission = Submission.objects.get(pk=named.submission)
    seen = ["ballots:sheet", "ballots:event", "entries:detail", "datasets:detail"]
    before = answers(sign_in(judge), named, seen)  # negative control
    assert [name for name, _status, shown in before if shown] == seen
    conflicts.declare_conflict(judge, submission, judge=judge)
    found = list(answers(sign_in(judge), named))
    assert {name for name, _status, shown in found if shown} - BY_SECRET == set()
    about_it = {name for name, page in PAGES.items() if OF_IT & {*page.arguments}}
    opened = {name for name, status, _shown in found if name in about_it and status == 200}
    assert opened == set()
    assert not Mail.objects.filter(recipient=judge, text__contains=WORD).exists()


def test_the_other_judge_still_sees_it(named, sign_in, organizer, judge):
    """And what is public after the reveal is public for all."""
    submission = Submission.objects.get(pk=named.submission)
    conflicts.declare_conflict(organizer, submission, judge=named.people["bystander"])
    assert ask(sign_in(judge), "get", submission.get_absolute_url()).status_code == 200
    conflicts.declare_conflict(judge, submission, judge=judge)
    awards.propose_from_ranking(organizer, named.event)
    assert ask(sign_in(judge), "get", submission.get_absolute_url()).status_code == 404
