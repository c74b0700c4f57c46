"""An event that asks its organizers and judges for a second factor gets it, in every room."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import get_resolver, reverse

from events import actions, exchange
from tests.pages import JUDGES, RUNNING
from tests.permissions import _routes
from tests.test_permissions import PAGES
from theme.refusal import Refused

OF_THE_PERSON = {"ballots:home", "panel:home"}  # addresses of no event: lists of one's own work


def give_factor(user) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


@pytest.fixture
def strict(event, organizer):
    event.second_factor = True
    event.save()
    return event


@pytest.mark.parametrize(
    "name", ["events:console", "events:people", "entries:list", "jobs:overview"]
)
def test_organizer_without_a_factor_is_told_how_to_get_one(strict, organizer, sign_in, name):
    browser = sign_in(organizer)
    answer = browser.get(reverse(name, args=[strict.slug]))
    assert answer.status_code == 403
    assert reverse("mfa_index") in answer.content.decode()
    give_factor(organizer)
    assert browser.get(reverse(name, args=[strict.slug])).status_code == 200


def test_judge_without_a_factor_changes_nothing_either(strict, judge, sign_in):
    browser = sign_in(judge)
    assert browser.post(reverse("ballots:another", args=[strict.slug])).status_code == 403
    give_factor(judge)
    assert browser.get(reverse("ballots:event", args=[strict.slug])).status_code == 200


def test_people_who_take_part_and_public_pages_are_not_asked(strict, author, judge, sign_in):
    registration = reverse("events:registration", args=[strict.slug])
    assert sign_in(author).get(registration).status_code == 200
    assert sign_in(judge).get(strict.get_absolute_url()).status_code == 200


def test_other_events_do_not_ask(strict, other_event, organizer, sign_in):
    actions.grant_role(None, other_event, to=organizer, kind="owner")
    console = reverse("events:console", args=[other_event.slug])
    assert sign_in(organizer).get(console).status_code == 200


def test_organizer_requires_it_only_with_an_own_one(event, organizer, judge, sign_in):
    with pytest.raises(Refused, match="own account first"):
        actions.change_event(organizer, event, second_factor=True)
    give_factor(organizer)
    page = reverse("events:settings", args=[event.slug, "safety"])
    browser = sign_in(organizer)
    browser.post(page, {"second_factor": "on"})
    event.refresh_from_db()
    assert event.second_factor
    listed = browser.get(page).content.decode()
    assert f"<li>{judge}" in listed
    assert judge.email not in listed
    assert f"<li>{organizer}" not in listed
    assert exchange.export_event(event)["second_factor"] is True


def test_every_address_of_organizers_and_judges_names_its_event():
    """The guard reads the event out of the address, so an address without one would slip by."""
    routes = dict(_routes(get_resolver().url_patterns))
    theirs = {*RUNNING.split(), *JUDGES.split()}
    guarded = {name for name, page in PAGES.items() if page.may and set(page.may.split()) <= theirs}
    without = {name for name in guarded if "<slug:event>" not in routes[name]}
    assert guarded
    assert without <= OF_THE_PERSON
