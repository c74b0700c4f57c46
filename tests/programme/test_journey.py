"""From acceptance to the recap in a real browser: schedule, release, a question at a board, its
answer, feedback. Pictures are left in var/screenshots/."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.embedded import ROOT, Site
from tests.programme.conference import pdf
from tests.programme.staged import PASSWORD, SLUG
from tests.test_walk import chromium, person, pytestmark  # noqa: F401 - fixtures and marks

EVENT = f"/events/{SLUG}"


@pytest.fixture(scope="module")
def site(tmp_path_factory, embedded_folder):
    running = Site(embedded_folder(tmp_path_factory.mktemp("journey") / "var"), "--no-demo")
    running.wait_for("Podium runs at", seconds=400)
    code = "from tests.programme.staged import stage; stage()"
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PODIUM_VAR": str(running.folder)},
        check=True,
    )
    yield running
    assert running.stop() == 0


def test_journey_from_acceptance_to_the_recap(person, tmp_path):  # noqa: F811
    organizer = person("conference-organizer").sign_in("organizer@example.org", PASSWORD)
    schedule(organizer)
    speaker = person("conference-speaker").sign_in("speaker@example.org", PASSWORD)
    prepare(speaker, tmp_path)
    visitor = person("conference-visitor").sign_in("visitor@example.org", PASSWORD)
    board = ask(visitor)
    answer(speaker, board)
    rate(visitor)
    recap(organizer)
    read(person("conference-reader"))


def schedule(one) -> None:
    """Rooms and a day, what was accepted, a place by the form, another by the solver, release."""
    one.open(f"{EVENT}/schedule/rooms/")
    one.page.fill("[name=name]", "Hall A")
    one.press("Add the room")
    one.sees("“Hall A” is stored")
    today = datetime.now(UTC)
    for name, value in (("date", f"{today:%Y-%m-%d}"), ("opens", "00:00"), ("closes", "23:45")):
        one.page.fill(f"[name={name}]", value)
    one.press("Store the day")
    one.open(f"{EVENT}/schedule/")
    one.press("Bring in what is accepted")
    one.sees("new here: talks 1, posters 1")
    one.page.get_by_role("link", name="Kestrels in flight").first.click()
    begun = max(today - timedelta(hours=1), today.replace(hour=0, minute=0))
    one.page.fill("[name=starts_at]", f"{begun:%Y-%m-%dT%H:%M}")
    one.page.select_option("[name=room]", label="Hall A")
    one.page.fill("[name=minutes]", "5")
    one.press("Give it this place")
    one.sees("“Kestrels in flight” has its place")
    one.open(f"{EVENT}/schedule/sessions/new/")
    one.page.select_option("[name=kind]", "posters")
    one.page.fill("[name=title]", "Posters")
    one.press("Save")
    one.press("Hang it")  # without a choice: the sentence stands beside the field
    one.page.select_option("[name=poster]", label="A board about kestrels")
    one.press("Hang it")
    one.page.get_by_role("button", name="Take down").wait_for()
    one.open(f"{EVENT}/schedule/")
    one.press("Place them automatically")
    one.sees("1 session was placed")
    one.picture("editor")
    move_by_keyboard(one)
    one.page.fill("[name=note]", "The first one.")
    one.page.get_by_role("button", name="Release", exact=True).click()
    one.sees("Version 1 is released")


def move_by_keyboard(one) -> None:
    tile = one.page.locator("td .tile--posters")
    before = tile.get_attribute("data-start")
    tile.locator("a").focus()
    with one.page.expect_response("**/move/"):
        one.page.keyboard.press("Alt+ArrowDown")
    one.page.locator(f"td .tile--posters:not([data-start='{before}'])").wait_for()


def prepare(one, folder) -> None:
    """The speaker confirms, and sends the poster."""
    one.open(f"{EVENT}/speaking/")
    one.press("I will present")
    one.sees("you are confirmed")
    part = one.page.locator("section", has_text="A board about kestrels").first
    file = folder / "poster.pdf"
    file.write_bytes(pdf(text="Kestrels hover"))
    part.locator("[type=file]").set_input_files(file)
    part.get_by_role("button", name="Send the file").click()
    one.sees("poster.pdf is here")
    one.picture("speaking")


def ask(one) -> str:
    one.open(f"{EVENT}/agenda/")
    one.sees("Kestrels in flight")
    one.page.locator(".star__button").first.click()
    one.page.locator(".star__button[aria-pressed=true]").first.wait_for()
    one.picture("agenda")
    one.open(f"{EVENT}/hall/")
    one.picture("hall")
    one.page.get_by_role("link", name="A board about kestrels").first.click()
    one.page.locator("text.sheet__text").first.wait_for(state="attached")
    one.page.fill("#ask", "How do they <b>hover</b>?")
    one.press("Ask")
    one.sees("Your question is asked")
    one.sees("How do they <b>hover</b>?")
    one.picture("board")
    return one.page.url.partition("#")[0]


def answer(one, board: str) -> None:
    one.open(board)
    one.press("I am at the board now")
    one.sees("Visitors see that you are at the board")
    one.page.get_by_text("Answer or moderate").first.click()
    one.page.locator("[id^=answer-]").first.fill("Into the wind.")
    one.press("Send the answer")
    one.sees("Into the wind.")
    one.picture("board-of-the-author")


def rate(one) -> None:
    one.sees("Into the wind.", seconds=30)  # the live part brought it, without a reload
    one.open(f"{EVENT}/feedback/")
    one.page.get_by_role("link", name="Rate it").first.click()
    one.page.locator(".scorepad input[value='5']").check(force=True)
    one.page.fill("[name=comment]", "Worth the trip.")
    one.page.check("[name=may_quote]")
    one.press("Send")
    one.sees("Thank you")


def recap(one) -> None:
    one.open(f"{EVENT}/recap/edit/")
    one.page.fill("[name=prose]", "A day of **kestrels**.")
    one.page.get_by_label("Worth the trip.").check()
    one.press("Save")
    one.sees("The recap is saved")
    one.press("Publish it")
    one.sees("Everybody can read the recap now")
    one.press("Freeze the numbers")
    one.sees("The numbers are frozen")


def read(one) -> None:
    one.open(f"{EVENT}/recap/")
    one.sees("Worth the trip.")
    one.page.locator("canvas").first.wait_for()
    one.picture("recap")
    with one.page.expect_download() as download:
        one.page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == f"{SLUG}-recap.pdf"
