import pytest

from judging.ballots import actions as ballots
from judging.panel import actions as panel
from tests.judging.conftest import make_submission, scores_of


@pytest.fixture
def judged(event, organizer, criteria, judge, second_judge):
    """Three submissions in one track, clearly told apart by two judges, the second stricter."""
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]
    for submission, value in zip(submissions, (5, 4, 2), strict=True):
        for user, given in ((judge, value), (second_judge, value - 1)):
            assignment = panel.assign(organizer, submission, judge=user)
            ballots.submit(user, assignment, scores=scores_of(event, given))
    return submissions
