"""A person leaves without deleting anything, and comes back by the link in a mail."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions
from notices.models import AuditEntry, Mail
from theme.refusal import Refused


def way_back(address: str) -> str:
    mail = Mail.objects.get(address=address, template="accounts/mail/deactivated")
    return re.search(r"https?://[^/]+(/\S+)", mail.text)[1]


def signed_in(user) -> Client:
    browser = Client()
    form = {"login": user.email, "password": "correct horse"}
    browser.post(reverse("account_login"), form)
    return browser


def test_deactivated_account_is_closed_everywhere_and_comes_back(author, event):
    """B75: every session ends with its next request."""
    here, elsewhere = signed_in(author), signed_in(author)
    assert "Deactivate" in here.get(reverse("accounts:data")).content.decode()
    here.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    here.post(reverse("accounts:deactivate"))
    for browser in (here, elsewhere, signed_in(author)):
        assert browser.get(reverse("accounts:profile")).status_code == 302
    assert event.registrations.filter(user=author, state="confirmed").exists()
    link = way_back(author.email)
    Client().get(link)  # as a mail program does
    author.refresh_from_db()
    assert not author.is_active
    Client().post(link)
    told = AuditEntry.objects.filter(actor=author, thing="accounts.user").order_by("pk")
    assert [one.verb for one in told] == ["deactivate_account", "reactivate_account"]
    assert signed_in(author).get(reverse("accounts:profile")).status_code == 200


def test_way_back_is_good_once_and_not_past_an_administrator(author, stranger):
    once = actions.deactivate(author, author)
    actions.reactivate(once)
    with pytest.raises(Refused, match="used already"):
        actions.reactivate(once)
    author.refresh_from_db()
    closed = actions.deactivate(author, author)
    stranger.is_staff = True
    actions.close_account(stranger, author)
    for text in (closed, f"{closed}x", ""):
        with pytest.raises(Refused):
            actions.reactivate(text)


def test_nobody_deactivates_somebody_else(author, organizer):
    with pytest.raises(Refused, match="Only the owner"):
        actions.deactivate(organizer, author)
    author.refresh_from_db()
    assert author.is_active
