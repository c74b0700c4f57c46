"""The site's own administration: for its administrators, to look and not to change."""

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from config.administration import site
from notices.models import AuditEntry
from tests.test_permissions import ADMIN


@pytest.fixture
def administrator(db) -> User:
    user = User.objects.create_superuser("admin@example.org", "correct horse", name="Admin")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def lists() -> list[str]:
    return [
        reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist")
        for m in site._registry
    ]


def test_nobody_else_learns_that_it_exists(organizer, stranger, sign_in):
    """The owner of an event is no administrator of the site."""
    for user in (organizer, stranger):
        browser = sign_in(user)
        assert {browser.get(page).status_code for page in [reverse("admin:index"), *lists()]} == {
            404
        }
    assert "/accounts/login/" in sign_in(None).get(reverse("admin:index")).url


def test_administrator_may_look_everywhere(administrator, submission, team, sign_in):
    browser = sign_in(administrator)
    for page in [reverse("admin:index"), *lists()]:
        assert browser.get(page).status_code == 200, page
    one = reverse("admin:entries_submission_change", args=[submission.pk])
    assert "Kestrel" in browser.get(one).content.decode()


def test_administrator_changes_nothing_here(administrator, submission, author, sign_in):
    browser = sign_in(administrator)
    one = reverse("admin:entries_submission_change", args=[submission.pk])
    assert browser.post(one, {"title": "Changed"}).status_code == 403
    delete = reverse("admin:accounts_user_delete", args=[author.pk])
    assert browser.post(delete, {"post": "yes"}).status_code == 403
    add = reverse("admin:accounts_user_add")
    assert browser.post(add, {"email": "x@example.org"}).status_code == 403
    submission.refresh_from_db()
    assert submission.title == "Kestrel"
    assert User.objects.filter(pk=author.pk).exists()


def test_secrets_are_not_shown_even_there(administrator, team, author, sign_in):
    browser = sign_in(administrator)
    page = browser.get(reverse("admin:events_team_change", args=[team.pk])).content.decode()
    assert team.invite_code not in page
    page = browser.get(reverse("admin:accounts_user_change", args=[author.pk])).content.decode()
    assert author.email in page
    assert author.password not in page


def test_policy_is_wider_on_these_pages_and_on_no_others(administrator, sign_in):
    browser = sign_in(administrator)
    here = browser.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "unsafe-eval" in here
    assert "frame-ancestors 'none'" in here
    assert "unsafe" not in browser.get(reverse("events:list"))["Content-Security-Policy"]


def test_every_address_of_the_admin_is_closed_to_an_organizer(organizer, sign_in):
    browser = sign_in(organizer)
    for name in ADMIN:
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue  # one thing's page; the same wrapper guards it
        assert browser.get(path).status_code in (302, 404), name


def test_administrator_closes_an_account_and_opens_it_again(administrator, author, sign_in):
    """B75: the session elsewhere ends with the next request; the trail says who did it."""
    theirs, admin = sign_in(author), sign_in(administrator)
    assert theirs.get("/accounts/profile/").status_code == 200
    for action, active, verb, theirs_now in [
        ("close_accounts", False, "close_account", 302),
        ("open_accounts", True, "open_account", 200),
    ]:
        chosen = {"action": action, "_selected_action": [author.pk, administrator.pk]}
        admin.post("/admin/accounts/user/", chosen)
        author.refresh_from_db()
        assert author.is_active is active
        assert AuditEntry.objects.get(verb=verb).actor == administrator
        assert theirs.get("/accounts/profile/").status_code == theirs_now
    administrator.refresh_from_db()
    assert administrator.is_active  # nobody closes the own one
