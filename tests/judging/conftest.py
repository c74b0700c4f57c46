"""A small hackathon under judgement: criteria, submissions, judges."""

import pytest

from events import actions as events
from events.models import Role
from judging.panel import actions as panel
from submissions.entries import actions as entries
from tests.conftest import make_user


@pytest.fixture
def criteria(event, organizer):
    return panel.use_reference_criteria(organizer, event)


@pytest.fixture
def assignment(organizer, criteria, submission, judge):
    return panel.assign(organizer, submission, judge=judge)


@pytest.fixture
def second_judge(event):
    return make_judge(event, "second")


def make_judge(event, name):
    user = make_user(name)
    events.grant_role(None, event, to=user, kind=Role.Kind.JUDGE)
    return user


def make_submission(event, title, track="tools"):
    """Handed in by a team of its own."""
    author = make_user(title.lower())
    events.register(author, event)
    events.create_team(author, event, name=f"Team {title}")
    draft = entries.create_draft(
        author,
        event,
        track=event.tracks.get(slug=track),
        title=title,
        summary=f"{title} in short.",
        description="How it works.",
    )
    entries.submit(author, draft)
    draft.refresh_from_db()
    return draft


def scores_of(event, value):
    """The same step on every criterion."""
    return {criterion.pk: value for criterion in event.criteria.all()}
