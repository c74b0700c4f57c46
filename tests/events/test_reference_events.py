"""The three events of the reference, from their files into an empty database, in a real browser:
from sign-up, invitation or application to the person who is let in at the door."""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from events import actions, exchange
from events.models import Event, Registration, Role
from notices.models import Mail
from tests.conftest import make_user
from tests.test_walk import QUIET

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FIXTURES = Path(exchange.__file__).with_name("fixtures")
browser_test = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]


@pytest.mark.parametrize("name", ["hackathon", "conference", "programme"])
def test_file_imports_and_exports_as_it_is_written(db, name):
    text = (FIXTURES / f"{name}.yaml").read_text()
    event = exchange.import_event(make_user("owner"), yaml.safe_load(text))
    assert yaml.safe_load(exchange.to_yaml(event)) == yaml.safe_load(text)


def load(name: str) -> tuple[Event, object]:
    """The event as its file says, by the command, and as if it ran today."""
    owner = make_user("owner")
    call_command("import_event", str(FIXTURES / f"{name}.yaml"), owner=owner.email, verbosity=0)
    event, now = Event.objects.get(), timezone.now()
    for phase in event.phases.all():
        window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
        actions.change_part(owner, phase, **window)
    return event, owner


@pytest.fixture
def chromium(monkeypatch):
    from playwright.sync_api import sync_playwright

    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """`visit(user)` is a page of a browser in which that person is signed in."""
    troubles, contexts = [], []

    def page_of(user=None):
        context = chromium.new_context(base_url=live_server.url)
        contexts.append(context)
        context.set_default_timeout(60_000)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies["podium"]
            context.add_cookies([dict(name="podium", value=cookie.value, url=live_server.url)])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield page_of
    for context in contexts:  # or the server's threads keep their connections to the database
        context.close()
    assert troubles == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def sees(page, text: str) -> None:
    page.get_by_text(text).first.wait_for()


def answer(page, **answers: str) -> None:
    for slug, value in answers.items():
        field = page.locator(f"[name='q-{slug.replace('_', '-')}']")
        if field.evaluate("f => f.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.locator("[name=conduct]").check()


def let_in(page, event: Event, user) -> None:
    """At the door, by the code on the ticket; the second time it says so."""
    ticket = Registration.objects.get(event=event, user=user).ticket
    for sentence in ("is in. Welcome!", "was checked in already"):
        page.goto(f"/events/{event.slug}/door/")
        page.fill("[name=ticket]", ticket)
        page.locator("#by-code").get_by_role("button").click()
        sees(page, sentence)
        sees(page, "1 of ")  # are in: counted anew on the page that stays
    assert Registration.objects.get(event=event, user=user).state == "checked_in"


class TestInABrowser:
    pytestmark = browser_test

    def test_hackathon_from_sign_up_to_the_door(self, visit):
        event, owner = load("hackathon")
        page = visit()
        page.goto(f"/events/{event.slug}/")
        page.get_by_role("link", name="Sign up").last.click()
        page.fill("[name=email]", "kim@example.org")
        page.fill("[name=name]", "Kim")
        page.fill("[name=password1]", "a long and unusual one 7")
        page.press("[name=password1]", "Enter")
        page.wait_for_url("**/confirm-email/")
        letters = [*Mail.objects.values_list("text", flat=True), *(m.body for m in mail.outbox)]
        link = re.search(r"http://[^/]+(/\S+/confirm-email/[^\s>]+)", "\n".join(letters))[1]
        page.goto(link)
        press(page, "Confirm")
        page.wait_for_url(lambda url: "confirm-email" not in url)
        page.goto(f"/events/{event.slug}/")
        press(page, "Register")
        answer(page, country="Norway", experience="I have used it")
        press(page, "Register")
        sees(page, "You are registered for")
        page.goto(f"/events/{event.slug}/team/")
        page.fill("[name=name]", "Kestrels")
        press(page, "Make the team")
        sees(page, "Invite somebody")
        user = Registration.objects.get().user
        page.goto(f"/events/{event.slug}/ticket/")
        sees(page, Registration.objects.get().ticket)
        let_in(visit(owner), event, user)

    def test_conference_from_invitation_to_the_door(self, visit):
        event, owner = load("conference")
        speaker, door = make_user("speaker"), make_user("door")
        actions.grant_role(owner, event, to=door, kind=Role.Kind.CHECK_IN)
        track = event.tracks.get(slug="core")
        invited = {"email": speaker.email, "role": "speaker", "track": track}
        invitation = actions.invite(owner, event, **invited)
        page = visit(speaker)
        page.goto(invitation.get_absolute_url())
        sees(page, "Tools and Core Library")
        press(page, "Accept the invitation")
        sees(page, "There is a place for you")
        answer(page, attendance="Both days")
        press(page, "Confirm my place")
        sees(page, "Please answer this question.")  # speakers introduce themselves
        answer(page, bio="I write kernels. They are fast.")
        press(page, "Confirm my place")
        sees(page, "You are registered for")
        let_in(visit(door), event, speaker)

    def test_programme_from_application_to_the_door(self, visit):
        event, owner = load("programme")
        student = make_user("student")
        page = visit(student)
        page.goto(f"/events/{event.slug}/")
        press(page, "Apply")
        answer(page, country="Kenya", student="yes", hours="30")
        page.fill("[name=q-university]", "Nairobi")
        press(page, "Apply")
        sees(page, "Your application has come in")
        organizer = visit(owner)
        organizer.goto(f"/events/{event.slug}/console/")
        organizer.get_by_role("link", name="1 application to decide").click()
        organizer.get_by_role("checkbox", name="Student").check()
        organizer.locator("[name=verdict]").select_option("accept")
        press(organizer, "Decide")
        sees(organizer, "1 decision is noted")
        page.reload()
        sees(page, "Your application has come in")  # not told yet
        press(organizer, "Tell them now")
        sees(organizer, "1 person is told")
        page.reload()
        press(page, "Confirm my place")
        sees(page, "You are registered")
        let_in(organizer, event, student)
