"""Pages that are made once for all strangers: nobody sees another's, and nobody a private one."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Event
from theme import strangers


@pytest.fixture(autouse=True)
def kept_for_an_hour(settings):
    settings.PODIUM_STRANGERS_SECONDS = 3600
    strangers._kept.clear()
    yield
    strangers._kept.clear()


def page_of(event, client=None, **asked):
    return (client or Client()).get(event.get_absolute_url(), **asked)


def test_page_of_strangers_is_made_once(event, django_assert_num_queries):
    first = page_of(event)
    with django_assert_num_queries(0):
        second = page_of(event)
    assert first.status_code == second.status_code == 200
    assert event.name.encode() in second.content
    assert first["Content-Type"] == second["Content-Type"]
    assert "csrf" not in second.cookies, "it carries nothing of one visitor"


def test_page_of_strangers_has_each_time_its_own_nonce(event):
    nonces = []
    for _visit in range(2):
        answer = page_of(event)
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.content.decode()))
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


def test_page_of_a_person_is_neither_kept_nor_a_kept_one(event, author, organizer, sign_in):
    """The page of whoever is signed in, or has a message waiting, is made for them alone."""
    for person in (organizer, author):
        assert reverse("account_logout") in page_of(event, sign_in(person)).content.decode()
    assert not strangers._kept
    told = Client()
    told.cookies["messages"] = "something"
    for client, asked in (
        (told, {}),
        (None, {"QUERY_STRING": "a=1"}),
        (None, {"HTTP_HX_REQUEST": "true"}),
    ):
        assert page_of(event, client, **asked).status_code == 200
        assert not strangers._kept
    page_of(event)
    assert strangers._kept
    assert reverse("account_logout") in page_of(event, sign_in(author)).content.decode()


def test_page_that_is_not_public_is_not_kept(event, organizer, sign_in):
    Event.objects.update(state=Event.State.DRAFT)
    assert page_of(event, sign_in(organizer)).status_code == 200
    assert page_of(event).status_code == 404
    assert not strangers._kept
    Event.objects.update(state=Event.State.PUBLISHED)
    assert page_of(event).status_code == 200


def test_page_of_strangers_grows_old(event, settings, monkeypatch):
    page_of(event)
    Event.objects.update(name="Renamed")
    assert b"Renamed" not in page_of(event).content
    later = strangers.time.monotonic() + 3601
    monkeypatch.setattr(strangers.time, "monotonic", lambda: later)
    assert b"Renamed" in page_of(event).content


def test_page_with_a_token_against_forged_requests_is_not_kept(rf, settings):
    from django.http import HttpResponse
    from django.middleware.csrf import get_token

    @strangers.same_for_strangers
    def view(request):
        return HttpResponse(get_token(request))

    request = rf.get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    request.session = type("Empty", (), {"modified": False})()
    view(request)
    assert not strangers._kept
