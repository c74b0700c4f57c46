"""The site's own administration: for its administrators, to look and not to change."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from config.administration import site
from config.looking import KEY, readable, way_to_event
from events import actions as events
from events.actions.looking import looked_into
from events.models import Event
from notices.models import AuditEntry, Mail
from tests.conftest import make_user
from tests.test_permissions import ADMIN
from theme.refusal import Refused


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


def look(browser, event, reason="A team asks why its mail does not come"):
    return browser.post(reverse("admin:look"), {"event": event.slug, "reason": reason})


def test_administrator_reads_an_event_after_a_reason_only(
    administrator, organizer, submission, team, event, other_event, sign_in
):
    """Condition i: by default nothing, then one event's rows, and its owner is told why."""
    browser = sign_in(administrator)
    one = reverse("admin:entries_submission_change", args=[submission.pk])
    closed = {page for page in lists() if browser.get(page).status_code == 302}
    assert len(closed) > 60
    assert reverse("admin:accounts_user_changelist") not in closed
    assert browser.get(one).status_code == 302
    look(browser, other_event)
    assert browser.get(one).status_code == 302  # another event's
    look(browser, event)
    for page in [reverse("admin:index"), *lists()]:
        assert browser.get(page).status_code == 200, page
    assert "Kestrel" in browser.get(one).content.decode()
    assert "does not come" in Mail.objects.get(address=organizer.email).text
    trail = sign_in(organizer).get(reverse("notices:audit", args=[event.slug])).content.decode()
    assert "does not come" in trail
    browser.post(reverse("admin:look"), {"end": "1"})
    assert browser.get(one).status_code == 302


def test_every_table_shows_rows_of_the_event_looked_into_and_no_others(
    administrator, submission, event, other_event
):
    """Whatever way leads from a table to its event."""
    entry = events.look_into(administrator, other_event, reason="To see what is there")
    asked = SimpleNamespace(user=administrator, session={KEY: entry.pk})
    for model in site._registry:
        shown, way = readable(model._base_manager.all(), asked), way_to_event(model)
        if way is None or model is Event:
            continue
        theirs = {way[0]: other_event.slug if way[1] else other_event.pk}
        assert shown.count() == model._base_manager.filter(**theirs).count(), model
    assert readable(event.registrations.all(), asked).count() == 0
    assert readable(other_event.phases.all(), asked).count() == other_event.phases.count()


def test_reason_is_asked_for_and_ends_by_the_clock_of_the_database(
    administrator, organizer, event, sign_in
):
    browser = sign_in(administrator)
    assert "Say in a sentence" in look(browser, event, "because").content.decode()
    assert not AuditEntry.objects.filter(verb="look_into").exists()
    with pytest.raises(Refused):
        events.look_into(organizer, event, reason="An owner of another event asks")
    old = AuditEntry.objects.create(
        actor=administrator,
        verb="look_into",
        thing="events.event",
        thing_id=str(event.pk),
        at=timezone.now() - timedelta(minutes=16),
    )
    assert looked_into(administrator, old.pk) is None
    fresh = events.look_into(administrator, event, reason="The clock of a worker is wrong")
    assert looked_into(administrator, fresh.pk) == event
    assert looked_into(make_user("second"), fresh.pk) is None  # somebody else's


def test_administrator_changes_nothing_here(administrator, submission, author, sign_in):
    browser = sign_in(administrator)
    look(browser, submission.event)
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
    look(browser, team.event)
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
