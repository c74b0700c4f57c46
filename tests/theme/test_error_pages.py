import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_page_renders_without_context_or_database(page):
    """No `db` fixture: a query would fail the test."""
    html = render_to_string(f"{page}.html")
    assert page.partition("_")[0] in html
    assert "To the events" in html


def test_form_without_its_token_gets_the_kind_page(db):
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_error_of_ours_gets_the_kind_page(db, monkeypatch):
    from events import views

    monkeypatch.setattr(views.Event.objects, "visible_to", None)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "That was our mistake" in answer.content.decode()


def test_database_that_is_away_is_a_503_that_says_when_to_come_back(db, monkeypatch):
    """I10; the test above is its control: another error is a 500."""
    from events import views

    def away(_user):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(views.Event.objects, "visible_to", away)
    answer = Client(raise_request_exception=False).get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "reload this page" in answer.content.decode()
