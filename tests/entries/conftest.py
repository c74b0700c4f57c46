import pytest

from events import actions as events


@pytest.fixture
def mate(event, team, stranger):
    """A second member of the author's team."""
    events.register(stranger, event)
    events.join_team(stranger, event, code=team.invite_code)
    return stranger
