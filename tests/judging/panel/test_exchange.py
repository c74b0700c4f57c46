import pytest

from events.exchange import export_event
from events.rules import is_open
from judging.panel import actions, exchange
from theme.refusal import Refused


def test_criteria_and_settings_are_written_and_read_back(event, other_event, organizer, criteria):
    actions.set_up(organizer, event, pairs=True, cap=7)
    web = event.tracks.get(slug="web")
    event.criteria.create(name="Web only", question="?", track=web, position=4)
    told = export_event(event)
    assert told["panel"] == {"pairs": True, "cap": 7}
    assert told["criteria"][4]["track"] == "web"
    owner = other_event.roles.create(user=organizer, kind="owner").user
    exchange.load_criteria(owner, other_event, told["criteria"])
    exchange.load_panel(owner, other_event, told["panel"])
    assert is_open(other_event, "judging")  # and what is under way is written and read all the same
    again = export_event(other_event)
    assert (again["criteria"], again["panel"]) == (told["criteria"], told["panel"])


@pytest.mark.parametrize("odd", ["x", [{"name": "A"}], [{"nonsense": 1}], [{"track": "no"}]])
def test_odd_criteria_are_refused_with_the_place(event, organizer, odd):
    with pytest.raises(Refused, match="criteri"):
        exchange.load_criteria(organizer, event, odd)
    assert not event.criteria.exists()
