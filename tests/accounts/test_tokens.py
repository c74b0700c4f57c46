"""Personal tokens: hashed, shown once, narrowed, ended; they read, and open nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import Token
from events import actions
from theme.refusal import Refused


@pytest.fixture
def ask(client):
    """An answer to a program that shows this text."""

    def answer(text: str, address: str, method: str = "get"):
        headers = {"Authorization": f"Bearer {text}"}
        return getattr(client, method)(address, headers=headers)

    return answer


def make(user, event: str = "") -> str:
    return tokens.create_token(user, user, name="Script", days=30, event=event)[1]


def people_of(event) -> str:
    return reverse("events:people_export", args=[event.slug, "csv"])


def test_token_reads_what_its_owner_may_read(ask, event, organizer, author):
    assert ask(make(organizer), people_of(event)).status_code == 200
    assert ask(make(author), people_of(event)).status_code == 404


def test_token_of_one_event_opens_no_other(ask, event, other_event, organizer):
    """B64: limited to event A, on the pages of event B."""
    actions.grant_role(None, other_event, to=organizer, kind="owner")
    text = make(organizer, event=event.slug)
    assert ask(text, people_of(event)).status_code == 200
    assert ask(text, people_of(other_event)).status_code == 404


@pytest.mark.parametrize("name", ["accounts:profile", "accounts:data", "accounts:tokens"])
def test_token_opens_no_account(ask, event, organizer, name):
    assert ask(make(organizer), reverse(name)).status_code == 404


def test_token_changes_nothing(ask, event, organizer):
    address = reverse("events:state", args=[event.slug])
    assert ask(make(organizer), address, "post").status_code == 405


def test_ended_expired_and_unknown_tokens_are_none(ask, event, organizer):
    """B75, B76: an account that was closed has no token either."""
    text = make(organizer)
    for spoil in (
        lambda: Token.objects.update(expires_at=timezone.now() - timedelta(days=1)),
        lambda: tokens.revoke_token(organizer, Token.objects.get()),
    ):
        spoil()
        assert ask(text, people_of(event)).status_code == 401
    text = make(organizer)
    organizer.is_active = False
    organizer.save()
    assert ask(text, people_of(event)).status_code == 401
    assert ask("podium_guessed", people_of(event)).status_code == 401


def test_token_is_shown_once_and_kept_as_a_hash(organizer, stranger, sign_in):
    browser, page = sign_in(organizer), reverse("accounts:tokens")
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    shown = browser.post(page, {"name": "Script", "days": "30"})
    text = shown.context["text"]
    assert text in shown.content.decode()
    assert text not in browser.get(page).content.decode()
    token = organizer.tokens.get()
    assert text not in str(Token.objects.values().get())
    assert (
        sign_in(stranger).post(reverse("accounts:revoke_token", args=[token.pk])).status_code == 404
    )
    browser.post(reverse("accounts:revoke_token", args=[token.pk]))
    assert not Token.objects.exists()


def test_nobody_makes_a_token_for_another(organizer, stranger):
    with pytest.raises(Refused):
        tokens.create_token(stranger, organizer, name="x", days=30)
