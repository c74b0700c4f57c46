from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import actions as events
from events.models import Phase, Role
from judging.awards import actions, winners
from judging.awards.models import Award, Publication
from judging.ballots import actions as ballots
from judging.panel import actions as panel
from submissions.entries.models import Submission
from tests.conftest import close_phase
from tests.judging.conftest import make_judge, make_submission, scores_of

POSTS = ["propose", "award", "publish", "unpublish"]


def url(name, event):
    return reverse(f"awards:{name}", args=[event.slug])


def text(answer):
    return unescape(answer.content.decode())


def test_ranking_shows_chances_intervals_and_judges(sign_in, event, organizer, judged):
    page = text(sign_in(organizer).get(url("ranking", event)))
    assert page.index("Ant") < page.index("Bee") < page.index("Cat")
    assert 'class="chart interval"' in page
    assert "Severity" in page
    assert "Judging is open" in page


def test_ranking_of_an_event_without_anything_says_so(sign_in, event, organizer):
    assert "nothing to rank yet" in text(sign_in(organizer).get(url("ranking", event)))


@pytest.mark.parametrize("who", ["judge", "author", "rival", "stranger"])
def test_ranking_does_not_exist_for_others(request, sign_in, event, judged, who):
    browser = sign_in(request.getfixturevalue(who))
    assert browser.get(url("ranking", event)).status_code == 404
    for name in POSTS:
        assert browser.post(url(name, event), {"confirmed": "on"}).status_code == 404
    assert not Award.objects.exists()


@pytest.mark.parametrize("who", [None, "judge", "author", "stranger"])
def test_results_do_not_exist_until_published(request, sign_in, event, organizer, judged, who):
    actions.propose_from_ranking(organizer, event)
    browser = sign_in(request.getfixturevalue(who) if who else None)
    assert browser.get(url("results", event)).status_code == 404
    actions.publish(organizer, event, confirmed=True)
    page = text(browser.get(url("results", event)))
    assert page.index("Ant") < page.index("Bee") < page.index("Cat")
    actions.unpublish(organizer, event)
    assert browser.get(url("results", event)).status_code == 404


def test_owner_rehearses_before_publication(sign_in, event, organizer, judged):
    actions.propose_from_ranking(organizer, event)
    page = text(sign_in(organizer).get(url("results", event)))
    assert "Rehearsal" in page
    assert "Ant" in page


def test_published_page_tells_no_scores(sign_in, event, organizer, judged, stranger):
    actions.propose_from_ranking(organizer, event)
    actions.publish(organizer, event, confirmed=True)
    page = text(sign_in(None).get(url("results", event)))
    assert "Severity" not in page
    assert "Raw mean" not in page
    ant = judged[0].get_absolute_url()
    assert ant in page
    assert sign_in(None).get(ant).status_code == 200


def test_publishing_in_the_browser(sign_in, event, organizer, judged):
    browser = sign_in(organizer)
    page = text(browser.post(url("publish", event), {"confirmed": "on"}))
    assert "Places still to be given: Tools: 1, 2, 3" in page
    browser.post(url("propose", event))
    assert "Tick the box first" in text(browser.post(url("publish", event)))
    page = text(browser.post(url("publish", event), {"confirmed": "on"}, follow=True))
    assert "The results are public." in page
    assert Publication.objects.filter(event=event).exists()


def test_decision_without_a_reason_is_refused_beside_the_field(
    sign_in, event, organizer, judged, track
):
    kind = judged[2].entry_type_id
    told = {"track": track.pk, "entry_type": kind, "place": 2, "submission": judged[2].pk}
    page = text(sign_in(organizer).post(url("award", event), told))
    assert f'id="award_{track.pk}_{kind}_reason_error"' in page
    assert f'value="{judged[2].pk}" selected' in page
    assert not Award.objects.exists()


def test_organizer_with_work_in_a_track_does_not_see_it(sign_in, event, judged):
    insider = Submission.objects.get(title="Ant").team.members.get()
    events.grant_role(None, event, to=insider, kind=Role.Kind.ORGANIZER)
    page = text(sign_in(insider).get(url("ranking", event)))
    assert "you have an interest in it" in page
    assert "P(first)" not in page
    assert "Severity" not in page


def test_organizer_who_judges_sees_no_ranking_before_the_close(sign_in, event, judge, judged):
    events.grant_role(None, event, to=judge, kind=Role.Kind.ORGANIZER)
    browser = sign_in(judge)
    assert "You judge here yourself" in text(browser.get(url("ranking", event)))
    close_phase(event, Phase.Kind.JUDGING)
    assert "P(first)" in text(browser.get(url("ranking", event)))


def test_ranking_asks_the_database_as_often_for_three_as_for_one(
    sign_in, event, organizer, judged, django_assert_num_queries
):
    browser = sign_in(organizer)
    with CaptureQueriesContext(connection) as first:
        browser.get(url("ranking", event))
    for title in ("Dog", "Elk"):
        user = make_judge(event, f"j{title}")
        assignment = panel.assign(organizer, make_submission(event, title), judge=user)
        ballots.submit(user, assignment, scores=scores_of(event, 3))
    with django_assert_num_queries(len(first)):
        browser.get(url("ranking", event))


def test_authors_read_their_comments_once_published_and_nobody_else_does(
    sign_in, event, organizer, judge, judged, rival, stranger
):
    ant, bee, _cat = judged
    for submission, comment in ((ant, "CANARY for Ant"), (bee, "CANARY for Bee")):
        ballots.submit(
            judge,
            submission.assignments.get(judge=judge),
            scores=scores_of(event, 4),
            comment=comment,
            note="CANARY secret",
            version=1,
        )
    author = ant.team.members.get()
    actions.propose_from_ranking(organizer, event)
    assert sign_in(author).get(url("comments", event)).status_code == 404
    actions.publish(organizer, event, confirmed=True)
    page = text(sign_in(author).get(url("comments", event)))
    assert "CANARY for Ant" in page
    assert "CANARY for Bee" not in page
    assert "CANARY secret" not in page
    assert judge.email not in page
    assert "CANARY" not in text(sign_in(rival).get(url("comments", event)))
    assert sign_in(stranger).get(url("comments", event)).status_code == 404


def test_talk_without_a_team_is_shown_by_its_authors(sign_in, event, organizer, judged, stranger):
    """On the results, in the numbers, and its author reads the comments without any team."""
    Submission.objects.filter(pk=judged[0].pk).update(team=None)
    judged[0].authors.create(position=0, name="First author", user=stranger)
    judged[0].authors.create(position=1, name="Second author")
    people = winners.numbers(event)["people"]
    assert winners.numbers(event)["teams"] == 2
    actions.propose_from_ranking(organizer, event)
    actions.publish(organizer, event, confirmed=True)
    page = text(sign_in(None).get(url("results", event)))
    assert "by First author, Second author" in page
    assert "None" not in page
    assert sign_in(stranger).get(url("comments", event)).status_code == 200
    judged[0].authors.all().delete()
    assert winners.numbers(event)["people"] == people - 2
    assert sign_in(stranger).get(url("comments", event)).status_code == 404
