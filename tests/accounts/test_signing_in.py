"""Signing in: second factors, codes by mail, and what a page tells a stranger (B66, B67, B75)."""

import re
from collections import Counter
from unittest.mock import ANY

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.rules import has_second_factor
from notices import sending
from notices.models import Mail

PASSWORD = "correct horse"


def log_in(browser, email, password=PASSWORD):
    return browser.post(reverse("account_login"), {"login": email, "password": password})


def signed_in(browser) -> bool:
    return browser.get(reverse("accounts:profile")).status_code == 200


def stripped(answer) -> str:
    """A page without what differs at every visit."""
    told = r'csrf[^>]*value="[^"]*"|"X-CSRFToken": "[^"]*"|data-now="[^"]*"|nonce="[^"]*"'
    text = re.sub(told, "", answer.content.decode())
    return re.sub(r"\S+@example\.org", "ADDRESS", text)


@pytest.mark.parametrize(
    ("address", "field", "page"),
    [
        ("account_reset_password", "email", "account_reset_password_done"),
        ("account_request_login_code", "email", "account_confirm_login_code"),
    ],
)
def test_asking_for_mail_tells_nothing_of_who_has_an_account(author, sign_in, address, field, page):
    """B67: the same answer, the same page after it; the mail tells the owner the difference."""
    seen = []
    for email in (author.email, "nobody@example.org"):
        browser = sign_in(None)
        answer = browser.post(reverse(address), {field: email})
        seen.append((answer.status_code, answer.url, stripped(browser.get(answer.url))))
    assert seen[0] == seen[1] == (302, ANY, ANY)
    assert Mail.objects.count() == 2  # both ask the database for as much


def test_wrong_password_and_unknown_address_look_the_same(author, sign_in):
    """B66."""
    known = log_in(sign_in(None), author.email, "wrong")
    unknown = log_in(sign_in(None), "nobody@example.org", "wrong")
    assert known.status_code == unknown.status_code
    assert stripped(known) == stripped(unknown)


ASKED = {
    "account_login": {"login": "WHO", "password": "a wrong one"},
    "account_signup": {"email": "WHO", "name": "N", "password1": "long and unusual 7"},
    "account_reset_password": {"email": "WHO"},
    "account_request_login_code": {"email": "WHO"},
}


def work(browser, address: str, who: str, hashed: list[str]) -> Counter[str]:
    """What an answer costs: passwords hashed, transactions, statements by kind, mails written."""
    hashed.clear()
    form = {field: value.replace("WHO", who) for field, value in ASKED[address].items()}
    with CaptureQueriesContext(connection) as queries:
        browser.post(reverse(address), form)
    did = Counter(re.split("[^A-Z]", query["sql"])[0] for query in queries)
    return did | Counter(hashes=len(hashed), mails=Mail.objects.filter(address=who).count())


@pytest.mark.parametrize("address", ASKED)
def test_known_and_unknown_address_cost_the_same_work(
    author, sign_in, transactional_db, monkeypatch, address
):
    """B66, B67: the time cannot tell. As many hashes, mails, commits and rows written; what is only
    read, mostly from memory, differs by a few rows (bench/known_or_not.py has the times)."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *told: hashed.append("once") or encode(*told)
    )
    known = work(sign_in(None), address, author.email, hashed)
    unknown = work(sign_in(None), address, "nobody@example.org", hashed)
    read = [did.pop("SELECT", 0) + did.pop("DECLARE", 0) for did in (known, unknown)]
    for did in (known, unknown):
        did.pop("SAVEPOINT", 0), did.pop("RELEASE", 0), did.pop("ROLLBACK", 0)
    assert known == unknown
    assert abs(read[0] - read[1]) <= 4
    assert User.objects.count() == 1 + (address == "account_signup")


def test_guessing_is_stopped_for_the_account_wherever_it_comes_from(author, sign_in):
    """B66: also the right password does no more after five wrong ones, with a forged address."""
    for number in range(6):
        browser = sign_in(None)
        browser.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
        log_in(browser, author.email, f"wrong {number}")
    browser = sign_in(None)
    assert "Too many failed login attempts" in log_in(browser, author.email).content.decode()
    assert not signed_in(browser)


def test_code_by_mail_signs_in(author, sign_in):
    browser = sign_in(None)
    browser.post(reverse("account_request_login_code"), {"email": author.email})
    sending.send_due()
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.M)[1]
    browser.post(reverse("account_confirm_login_code"), {"code": code})
    assert signed_in(browser)
    assert Mail.objects.get().text == ""  # the secret does not stay in the database


def second_factor(user: User) -> str:
    secret = totp.generate_totp_secret()
    data = {"secret": get_adapter().encrypt(secret)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    return secret


def test_second_factor_is_asked_for_and_counts(author, sign_in):
    assert not has_second_factor(author)
    secret = second_factor(author)
    assert has_second_factor(author)
    browser = sign_in(None)
    assert log_in(browser, author.email).url == reverse("mfa_authenticate")
    assert not signed_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not signed_in(browser)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert signed_in(browser)


def test_recovery_codes_alone_are_no_second_factor(author):
    Authenticator.objects.create(user=author, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not has_second_factor(author)


def test_sessions_are_listed_and_the_others_ended(author, sign_in):
    here, elsewhere = sign_in(None), sign_in(None)
    log_in(here, author.email)
    log_in(elsewhere, author.email)
    assert UserSession.objects.filter(user=author).count() == 2
    here.post(reverse("usersessions_list"))
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)


@pytest.mark.parametrize("change", ["password", "deactivated"])
def test_session_ends_when_password_changes_or_account_is_deactivated(author, sign_in, change):
    """B75: in another tab, at the next request."""
    browser = sign_in(author)
    assert signed_in(browser)
    if change == "password":
        author.set_password("another long one 8")
    else:
        author.is_active = False
    author.save()
    assert not signed_in(browser)


def test_deactivated_account_cannot_sign_in(author, sign_in):
    User.objects.update(is_active=False)
    browser = sign_in(None)
    log_in(browser, author.email)
    assert not signed_in(browser)


def test_host_and_next_of_an_attacker_are_not_followed(author, sign_in):
    """B72."""
    forged = {"headers": {"Host": "evil.example"}}
    answer = sign_in(None).post(
        reverse("account_reset_password"), {"email": author.email}, **forged
    )
    assert answer.status_code == 400
    form = {"login": author.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert sign_in(None).post(reverse("account_login"), form).url == "/"


def test_nothing_of_other_sites_is_shown_when_none_is_set_up(sign_in, db):
    page = sign_in(None).get(reverse("account_login")).content.decode()
    assert "third-party" not in page


def test_address_added_is_confirmed_through_the_outbox(author, sign_in):
    sign_in(author).post(
        reverse("account_email"), {"email": "second@example.org", "action_add": ""}
    )
    assert EmailAddress.objects.filter(user=author).count() <= 2
    assert Mail.objects.get(address="second@example.org").confidential
