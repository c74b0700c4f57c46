import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "500"])
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
