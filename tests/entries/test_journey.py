"""In real browsers: three people of a team write one project, lose a browser, meet in one field,
hand in, and see the deadline strike under their hands; a judge reads it without a name."""

import pytest
from django.urls import reverse

from accounts.models import User
from events import actions as events
from events.models import Event
from judging.panel import actions as panel
from submissions.entries.models import EntryType, Submission
from tests.conftest import close_phase, make_user
from tests.embedded import eventually
from tests.events.test_reference_events import (  # noqa: F401 - fixtures
    browser_test,
    chromium,
    press,
    sees,
    visit,
)

pytestmark = browser_test
SAVED = "#saved >> text=/Saved|Kept/"


@pytest.fixture
def third(event, team) -> User:
    made = make_user("third")
    events.register(made, event)
    events.join_team(made, event, code=team.invite_code)
    return made


def test_team_of_three_writes_and_hands_in_together(
    visit,  # noqa: F811
    event,
    author,
    mate,
    third,
):
    first = visit(author)
    address = begin(first, event)
    second, other = visit(mate), visit(third)
    write_at_once(first, second, other, address)
    lose_a_browser(first)
    leave_in_the_midst(visit(author), address)
    meet_in_one_field(visit(author), second, address)
    press(other, "Save and hand in")
    sees(other, "Receipts")
    strike_while_a_form_is_open(second, event, address)
    version = Submission.objects.get().versions.get()
    assert version.content["summary"] == "By the second."
    assert version.content["demo_url"] == "https://kestrel.example.org"


def begin(page, event: Event) -> str:
    page.goto(reverse("entries:create", args=[event.slug]))
    page.fill("[name=title]", "Kestrel")
    page.select_option("[name=track]", label="Tools")
    press(page, "Begin")
    page.wait_for_url("**/edit/")
    return page.url


def write_at_once(first, second, third, address: str) -> None:
    """Each in a field of their own; what others wrote comes into the page."""
    second.goto(address)
    third.goto(address)
    write(first, "summary", "By the first.")
    write(second, "description", "It *hovers*.")
    sees(second, "Changed by somebody else, and shown now")
    assert second.input_value("[name=summary]") == "By the first."
    write(third, "demo_url", "https://kestrel.example.org")
    assert third.input_value("[name=description]") == "It *hovers*."


def write(page, name: str, text: str) -> None:
    """And waits until the page says that the server has it."""
    page.fill(f"[name={name}]", text)
    page.locator(SAVED).wait_for(state="detached")
    page.locator(SAVED).wait_for()


def lose_a_browser(page) -> None:
    """No button was pressed, and no page was left: the browser is gone."""
    write(page, "built_with", "PyTorch, and patience")
    page.context.close()
    assert Submission.objects.get().built_with == "PyTorch, and patience"


def leave_in_the_midst(page, address: str) -> None:
    """The last words go along with who leaves before the page has saved."""
    page.goto(address)
    page.locator("[name=built_with]").press_sequentially(" and luck")
    page.goto("/")
    eventually(lambda: "luck" in Submission.objects.get().built_with)


def meet_in_one_field(first, second, address: str) -> None:
    """B85: the second is told, keeps their text, sees both, and decides."""
    first.goto(address)
    second.goto(address)
    write(first, "summary", "By the first, again.")
    second.fill("[name=summary]", "By the second.")
    sees(second, "Somebody else changed the same field")
    assert second.input_value("[name=summary]") == "By the second."
    press(second, "Save draft")
    sees(second, "By the first, again.")  # beside the own text, to choose from
    press(second, "Save draft")
    sees(second, "Your draft is saved")
    assert Submission.objects.get().summary == "By the second."


def strike_while_a_form_is_open(page, event: Event, address: str) -> None:
    page.goto(address)
    close_phase(event, "submission")
    page.fill("[name=summary]", "Too late.")
    sees(page, "Submissions are closed")
    assert page.input_value("[name=summary]") == "Too late."
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/")  # what the server did not take is not left without a question
    assert asked == ["beforeunload"]


def test_blind_reviewer_sees_no_author(
    visit,  # noqa: F811
    event,
    organizer,
    judge,
    author,
    team,
    submission,
):
    who = {"Zinnia": author, "Quokkas": team}
    for name, one in who.items():
        one.name = name
        one.save()
    panel.use_reference_criteria(organizer, event)
    panel.assign(organizer, submission, judge=judge)
    desk = reverse("ballots:sheet", args=[event.slug, submission.pk])
    page = visit(judge)
    for blind in (False, True):
        EntryType.objects.update(blind=blind)
        read = ""
        for path in (desk, submission.get_absolute_url()):
            page.goto(path, wait_until="networkidle")
            read += page.content()
        assert "Kestrel" in read
        # Where it is not blind its team is read: the control.
        assert ("Quokkas" in read or "Zinnia" in read) is not blind
