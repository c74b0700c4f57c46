"""The reference hackathon with 106 submissions and 20 judges, through publication, in a browser."""

import pytest

from accounts.models import User
from events.models import Phase
from judging.awards.models import Publication
from judging.ballots.models import Ballot
from tests.judging import hackathon
from tests.test_walk import CHROMIUM, PICTURES, chromium  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture(scope="module", autouse=True)
def beside_a_loop():
    """Playwright runs a loop from before the event is made until after the tables are emptied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def page_of(chromium, live_server, sign_in):  # noqa: F811
    """`page_of(user)`: a page of a browser in which that person is signed in."""

    def opened(user):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}
        )
        cookie = sign_in(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        context.set_default_timeout(30_000)
        return context.new_page()

    return opened


@pytest.mark.django_db(transaction=True)
def test_reference_hackathon_is_judged_ranked_and_published(event, organizer, page_of):
    event.phases.filter(kind=Phase.Kind.SUBMISSION).delete()
    hackathon.fill(event, organizer)
    judge = User.objects.get(name="Judge 1")
    hackathon.assign_and_score(event, organizer, leave_open=judge)
    desk = page_of(judge)
    desk.goto(f"/events/{event.slug}/judging/")
    desk.click("text=Next: Project")
    for digit in "4535":
        desk.keyboard.press(digit)
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("text=is submitted")
    assert Ballot.objects.counted().count() == 424
    page = page_of(organizer)
    page.goto(f"/events/{event.slug}/ranking/")
    page.click("text=Fill places from the ranking")
    page.wait_for_selector("text=9 places filled")
    page.check("[name=confirmed]")
    page.click("text=Publish the winners")
    page.wait_for_selector("text=The results are public")
    assert page.locator(".podium__place").count() == 9
    assert "106" in page.locator("dl.stats").inner_text().split()
    assert Publication.objects.standing().get().numbers["reviews"] == 424
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "results-106.png", full_page=True)
