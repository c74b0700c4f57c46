from html import unescape

import pytest
from django.urls import reverse

from events import actions as events
from events.models import Phase, Role
from judging.awards.actions import propose_from_ranking, publish
from judging.awards.more_reviews import ask_for_reviews
from judging.awards.standings import standings
from judging.ballots import actions as ballots
from judging.panel import actions as panel
from judging.panel import conflicts
from judging.panel.models import Assignment
from submissions.entries.models import Submission
from tests.conftest import close_phase
from tests.judging.conftest import make_judge, make_submission, scores_of
from theme.refusal import Refused


@pytest.fixture
def tied(event, organizer, criteria, judge, second_judge):
    """Two equals ahead of a third."""
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]
    for submission, value in zip(submissions, (5, 5, 1), strict=True):
        for user in (judge, second_judge):
            assignment = panel.assign(organizer, submission, judge=user)
            ballots.submit(user, assignment, scores=scores_of(event, value))
    return submissions


@pytest.fixture
def pair(tied):
    return {"track": "tools", "one": str(tied[0].pk), "other": str(tied[1].pk)}


def page_of(browser, event):
    return unescape(browser.get(reverse("awards:ranking", args=[event.slug])).content.decode())


def test_close_call_is_said_in_words(sign_in, event, organizer, tied):
    page = " ".join(page_of(sign_in(organizer), event).split())
    close = standings(event).close[0]
    assert {close.one, close.other} == set(tied[:2])
    assert "Places 1 and 2 cannot be told apart" in page
    assert f"with P = {close.call.p:.2f}." in page
    assert f"settle it with probability {close.call.chance:.2f}." in page


def test_reviews_go_to_judges_without_a_conflict_who_may_read_both(event, organizer, tied, pair):
    free = [make_judge(event, f"free{n}") for n in range(2)]
    biased = make_judge(event, "biased")
    for submission in tied[:2]:
        conflicts.declare_conflict(organizer, submission, judge=biased)
    made = ask_for_reviews(organizer, event, **pair)
    assert {(a.judge, a.submission) for a in made} == {(j, s) for j in free for s in tied[:2]}
    assert {a.why for a in made} == {"too close to call in Tools"}


def test_reviews_under_way_are_not_asked_for_again(event, organizer, tied, pair):
    needed = standings(event).close[0].call.reviews
    for number in range(needed + 2):
        make_judge(event, f"free{number}")
    assert len(ask_for_reviews(organizer, event, **pair)) == 2 * needed
    with pytest.raises(Refused) as refused:
        ask_for_reviews(organizer, event, **pair)
    assert refused.value.code == "reviews.nothing"


def test_pair_that_is_not_close_is_refused(event, organizer, tied, pair):
    make_judge(event, "free")
    far = pair | {"other": str(tied[2].pk)}
    with pytest.raises(Refused) as refused:
        ask_for_reviews(organizer, event, **far)
    assert refused.value.code == "reviews.settled"
    assert not Assignment.objects.adaptive().exists()


@pytest.mark.parametrize("who", ["judge", "author", "stranger"])
def test_only_organizers_ask(request, event, tied, pair, who):
    make_judge(event, "free")
    with pytest.raises(Refused) as refused:
        ask_for_reviews(request.getfixturevalue(who), event, **pair)
    assert refused.value.code == "reviews.not_now"


def test_organizer_with_an_interest_does_not_ask_nor_see(sign_in, event, tied, pair):
    insider = Submission.objects.get(title="Cat").team.members.get()
    events.grant_role(None, event, to=insider, kind=Role.Kind.ORGANIZER)
    with pytest.raises(Refused) as refused:
        ask_for_reviews(insider, event, **pair)
    assert refused.value.code == "reviews.not_now"
    assert "cannot be told apart" not in page_of(sign_in(insider), event)


def test_nothing_is_asked_for_after_the_close(sign_in, event, organizer, tied, pair):
    make_judge(event, "free")
    close_phase(event, Phase.Kind.JUDGING)
    with pytest.raises(Refused):
        ask_for_reviews(organizer, event, **pair)
    page = page_of(sign_in(organizer), event)
    assert "cannot be told apart" in page
    assert "Ask judges" not in page


def test_button_asks_and_the_page_says_why_each_was_sent(sign_in, event, organizer, tied, pair):
    make_judge(event, "free")
    url = reverse("awards:ask", args=[event.slug])
    page = unescape(sign_in(organizer).post(url, pair, follow=True).content.decode())
    assert "2 reviews are asked for." in page
    assert "too close to call in Tools" in page
    assert "Is that fair?" in page


def test_results_explain_why_some_were_read_by_more(sign_in, event, organizer, tied, pair):
    propose_from_ranking(organizer, event)
    make_judge(event, "free")
    ask_for_reviews(organizer, event, **pair)
    publish(organizer, event, confirmed=True)
    page = sign_in(None).get(reverse("awards:results", args=[event.slug])).content.decode()
    assert "read by more judges than others" in page
    assert "too close to call" not in page
