"""The automatic draft: proven by what it may never do, and its reasons."""

from datetime import timedelta

import pytest

from submissions.programme import conflicts
from submissions.programme.actions import drafting, presenters, schedule
from submissions.programme.models import Slot, Version
from submissions.programme.solver import Fixed, Place, Task, plan
from tests.programme.conference import DAY, at, make_room, make_talk
from theme.refusal import Refused

HALF = timedelta(minutes=30)
MORNING = (at(9), at(11))


def test_person_is_never_in_two_places():
    tasks = [Task(n, HALF, frozenset(["speaker"])) for n in range(4)]
    placed = plan(tasks, [Place("A"), Place("B")], [MORNING]).placed
    assert len({start for _room, start in placed.values()}) == 4


def test_sessions_of_a_track_stand_apart_where_there_is_time():
    tasks = [Task(n, HALF, track="t") for n in range(4)]
    placed = plan(tasks, [Place("A"), Place("B")], [MORNING]).placed
    assert len({start for _room, start in placed.values()}) == 4


def test_availability_and_breaks_are_kept():
    free = {"p": [(at(9), at(10))]}
    lunch = Fixed((at(9), at(9, 30)))
    found = plan([Task(1, HALF, frozenset("p"))], [Place("A")], [MORNING], fixed=[lunch], free=free)
    assert found.placed == {1: ("A", at(9, 30))}


@pytest.mark.parametrize(
    ("task", "rooms", "reason"),
    [
        (Task(1, timedelta(hours=3)), [Place("A")], "too_long"),
        (Task(1, HALF), [], "no_room"),
        (Task(1, HALF, frozenset(["away"])), [Place("A")], "nobody_free"),
    ],
)
def test_what_cannot_be_placed_has_a_reason(task, rooms, reason):
    away = {"away": [(at(20), at(21))]}
    assert plan([task], rooms, [MORNING], free=away).left == {1: reason}


def test_full_rooms_leave_the_rest_with_a_reason():
    found = plan([Task(n, HALF) for n in range(5)], [Place("A")], [MORNING])
    assert len(found.placed) == 4
    assert [*found.left.values()] == ["full"]


def test_draft_places_what_waits_and_says_why_not(event, organizer, author, rival):
    with pytest.raises(Refused, match="Add the rooms and the days"):
        drafting.draft_automatically(organizer, event)
    make_room(event)
    schedule.save_day(None, event, date=DAY, opens=at(9).time(), closes=at(10).time())
    make_talk(event, "Mine", author)
    make_talk(event, "Theirs", rival)
    presenters.tell_availability(rival, event, windows=[(at(20), at(21))])
    placed, reasons = drafting.draft_automatically(organizer, event)
    assert placed == 1
    assert len(reasons) == 1
    assert "“Theirs” was not placed" in reasons[0]
    assert Slot.objects.get().session.title == "Mine"
    assert conflicts.find(Version.objects.get(number=None)) == []
