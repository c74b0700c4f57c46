import re

import pytest
from allauth.account.forms import SignupForm
from django.core import mail
from django.urls import reverse

from accounts.models import User
from notices import sending

FORM = {"name": "Newcomer", "email": "new@example.org", "password1": "long and unusual 7"}


def test_signup_with_confirmation_signs_in(client, db):
    client.post(reverse("account_signup"), FORM)
    sending.send_due()
    (message,) = mail.outbox
    link = re.search(r"http://testserver(/\S+confirm-email/\S+)", message.body)[1]
    assert client.get(reverse("accounts:profile")).status_code == 302  # not before it is confirmed
    client.post(link)
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert User.objects.get().name == "Newcomer"


def test_signup_with_a_known_address_looks_the_same_to_a_stranger(sign_in, author):
    """B67: the page does not tell; the mail to the owner does."""
    known = sign_in(None).post(reverse("account_signup"), FORM | {"email": author.email})
    unknown = sign_in(None).post(reverse("account_signup"), FORM)
    assert known.url == unknown.url
    sending.send_due()
    assert [m.to for m in mail.outbox] == [[author.email], ["new@example.org"]]


def test_signup_with_an_address_that_is_taken_meanwhile_is_one_with_a_known_address(
    sign_in, author, monkeypatch
):
    """Two with the same address at the same moment: the form of the later one saw a free one."""
    seen_free = [True]
    form = "allauth.account.forms.BaseSignupForm.clean_email"
    looked = SignupForm.clean_email

    def free_at_first(self):
        value = looked(self)
        self.account_already_exists = not seen_free.pop() if seen_free else True
        return value

    monkeypatch.setattr(form, free_at_first)
    answer = sign_in(None).post(reverse("account_signup"), FORM | {"email": author.email})
    assert answer.status_code == 302
    assert User.objects.get() == author
    sending.send_due()
    (message,) = mail.outbox
    assert "already" in message.body


def test_login_with_another_case_of_the_address_works(client, author):
    answer = client.post(
        reverse("account_login"), {"login": "AUTHOR@example.org", "password": "correct horse"}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc"])
def test_profile_with_an_unknown_zone_is_refused_and_typed_text_stays(sign_in, author, zone):
    form = {"name": "Typed", "affiliation": "Here", "timezone": zone}
    page = sign_in(author).post(reverse("accounts:profile"), form).content.decode()
    assert 'value="Typed"' in page
    author.refresh_from_db()
    assert author.timezone == "UTC"


def test_profile_saves(sign_in, author):
    form = {"name": "Typed", "affiliation": "Here", "timezone": "Asia/Kathmandu"}
    sign_in(author).post(reverse("accounts:profile"), form)
    author.refresh_from_db()
    assert (author.name, author.timezone) == ("Typed", "Asia/Kathmandu")


def test_page_of_a_signed_in_person_is_never_cached(sign_in, author):
    """B91, with its control: the same page for a stranger may be."""
    private = sign_in(author).get(reverse("events:list"))
    assert "no-store" in private["Cache-Control"]
    public = sign_in(None).get(reverse("events:list"))
    assert "no-store" not in public.get("Cache-Control", "")
