"""Two people and one last place, over real connections; each guard with a control that switches it
off and sees the damage."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, connections

from events import actions
from events.actions import seats
from events.models import Invitation, Membership, Registration
from tests.conftest import make_event, make_user
from theme.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


@pytest.fixture
def crowd():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    return [make_user(f"person{n}") for n in range(PEOPLE)]


def at_once(verb, people) -> list[str]:
    """Everybody does it at the same moment; what each got: "done" or the code of the refusal."""
    start = threading.Barrier(len(people))

    def one(person) -> str:
        start.wait(timeout=20)
        try:
            verb(person)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return sorted(pool.map(one, people))


def slowly(monkeypatch):
    """Everybody has looked for a place before anybody takes one."""
    looked, real = threading.Barrier(PEOPLE), seats.has_seat

    def has_seat(*args):
        found = real(*args)
        with suppress(threading.BrokenBarrierError):  # behind the lock nobody else can look
            looked.wait(timeout=1)
        return found

    monkeypatch.setattr("events.actions.registering.has_seat", has_seat)


@pytest.mark.parametrize("guarded", [True, False])
def test_last_place_goes_to_one(crowd, monkeypatch, guarded):
    """I5, B92; the others stand in line, no two at one place in it."""
    event = make_event("race")
    event.capacity = 1
    event.save()
    slowly(monkeypatch)
    if not guarded:
        monkeypatch.setattr("events.actions.registering.hold_seats", lambda event: event)
    at_once(lambda person: actions.register(person, event), crowd)
    confirmed = Registration.objects.filter(state="confirmed").count()
    if not guarded:
        assert confirmed > 1, (
            "without the lock the place must be given twice, or this proves nothing"
        )
        return
    assert confirmed == 1
    assert Registration.objects.filter(state="waiting").count() == PEOPLE - 1


def test_last_use_of_a_code_goes_to_one(crowd):
    """B69: twenty at once in the catalogue, six here."""
    event, owner = make_event("race"), make_user("owner")
    actions.grant_role(None, event, to=owner, kind="owner")
    invitation = actions.invite(owner, event, uses=1, role="judge")
    got = at_once(lambda person: actions.redeem(person, event, code=invitation.code), crowd)
    assert got == ["done"] + ["invite.used"] * (PEOPLE - 1)
    assert Invitation.objects.get().used == 1


def test_same_person_registers_once_however_often_they_click(crowd):
    event = make_event("race")
    got = at_once(lambda _n: actions.register(crowd[0], event), crowd)
    assert set(got) == {"done"}
    assert Registration.objects.count() == 1


def test_last_seat_of_a_team_goes_to_one(crowd):
    """B69."""
    event, lead = make_event("race"), crowd[0]
    for person in crowd:
        actions.register(person, event)
    team = actions.create_team(lead, event, name="Kestrels")
    got = at_once(lambda p: actions.join_team(p, event, code=team.invite_code), crowd[1:])
    assert got.count("done") == event.team_size - 1
    assert Membership.objects.filter(team=team).count() == event.team_size


def test_ticket_scanned_at_two_doors_lets_in_once(crowd):
    event = make_event("race")
    ticket = actions.register(crowd[0], event).ticket
    for door in crowd:
        actions.grant_role(None, event, to=door, kind="check_in")
    news = []
    at_once(lambda door: news.append(actions.check_in(door, event, ticket=ticket)[1]), crowd)
    assert sorted(news) == [False] * (PEOPLE - 1) + [True]
