"""The reference hackathon with 106 submissions and 20 judges: judged, ranked and published in a
browser. Where it was judged before is written in bulk; a judge and the organizer do the rest."""

from django.core.management import call_command

from accounts.models import User
from judging.awards.models import Publication
from judging.ballots.models import Ballot
from tests.events.test_reference_events import (  # noqa: F401 - fixtures
    browser_test,
    chromium,
    press,
    sees,
    visit,
)
from tests.judging import hackathon
from tests.test_walk import PICTURES

pytestmark = browser_test


def test_reference_hackathon_is_judged_ranked_and_published(event, organizer, visit):  # noqa: F811
    hackathon.fill(event, organizer)
    judge = User.objects.get(name="Judge 1")
    hackathon.assign_and_score(event, organizer, leave_open=judge)
    desk = visit(judge)
    desk.goto(f"/events/{event.slug}/judging/")
    desk.get_by_role("link", name="Next: Project").click()
    sees(desk, "Quality of the idea")
    for digit in "4535":
        desk.keyboard.press(digit)
    desk.keyboard.press("Control+Enter")
    sees(desk, "is submitted")
    assert Ballot.objects.counted().count() == 424
    page = visit(organizer)
    page.goto(f"/events/{event.slug}/ranking/")
    press(page, "Fill places from the ranking")
    sees(page, "9 places filled")
    page.check("[name=confirmed]")
    press(page, "Publish the winners")
    sees(page, "The results are public")
    assert page.locator(".podium__place").count() == 9
    assert "106" in page.locator("dl.stats").inner_text().split()
    assert Publication.objects.standing().get().numbers["reviews"] == 424
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "results-106.png", full_page=True)
    call_command("reproduce_ranking", event.slug)  # exits with 1 where a figure differs
