from concurrent.futures import ThreadPoolExecutor, wait
from html import unescape
from threading import Event as Signal

import pytest
from django.db import connection, models, transaction
from django.urls import reverse

from events.models import Phase
from judging.ballots import actions
from judging.ballots.another import ask_for_another
from judging.panel import actions as panel
from judging.panel import conflicts
from judging.panel.models import Assignment
from notices.models import AuditEntry
from tests.conftest import close_phase
from tests.judging.conftest import make_judge, make_submission, scores_of
from theme.refusal import Refused

Reason = Assignment.Reason


@pytest.fixture
def judged(event, organizer, criteria, judge, second_judge):
    """Three submissions with two reviews each: the first two equal and far ahead."""
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]
    for submission, value in zip(submissions, (5, 5, 1), strict=True):
        for user in (judge, second_judge):
            review(organizer, user, submission, value)
    return submissions


def review(organizer, user, submission, value):
    assignment = panel.assign(organizer, submission, judge=user)
    actions.submit(user, assignment, scores=scores_of(submission.event, value))


def test_judge_is_sent_a_close_contender_and_organizers_can_read_why(event, judged):
    third = make_judge(event, "third")
    assignment = ask_for_another(third, event)
    assert assignment.submission in judged[:2]
    assert assignment.why == "close contender for first place in Tools"
    assert assignment.created_by == third
    entry = AuditEntry.objects.filter(verb="assign").latest("pk")
    assert entry.details["reason"] == Reason.FIRST
    assert entry.actor == third


def test_next_one_is_another_and_then_there_is_enough(event, judged):
    third = make_judge(event, "third")
    sent = [ask_for_another(third, event).submission for _ in range(3)]
    assert sent[2] == judged[2]
    assert set(sent) == set(judged)
    with pytest.raises(Refused) as refused:
        ask_for_another(third, event)
    assert refused.value.code == "another.not_now"


def test_submission_without_two_reviews_comes_first(event, judged):
    late = make_submission(event, "Late", track="web")
    assignment = ask_for_another(make_judge(event, "third"), event)
    assert (assignment.submission, assignment.reason) == (late, Reason.FEW)


def test_judge_with_a_conflict_is_sent_something_else(event, organizer, judged):
    third = make_judge(event, "third")
    for submission in judged[:2]:
        conflicts.declare_conflict(organizer, submission, judge=third)
    assert ask_for_another(third, event).submission in judged[2:]


def test_judge_who_has_read_all_is_told_so(event, judge, judged):
    with pytest.raises(Refused) as refused:
        ask_for_another(judge, event)
    assert refused.value.code == "another.nothing"


@pytest.mark.parametrize("who", ["organizer", "author", "stranger"])
def test_only_judges_ask(request, event, judged, who):
    with pytest.raises(Refused):
        ask_for_another(request.getfixturevalue(who), event)


def test_nothing_is_sent_after_the_close(event, judged):
    close_phase(event, Phase.Kind.JUDGING)
    third = make_judge(event, "third")
    with pytest.raises(Refused):
        ask_for_another(third, event)
    assert not Assignment.objects.filter(judge=third).exists()


def ask(event):
    return reverse("ballots:another", args=[event.slug])


def test_button_leads_to_the_sheet_and_does_not_tell_the_judge_why(sign_in, event, judged):
    third = make_judge(event, "third")
    browser = sign_in(third)
    desk = reverse("ballots:event", args=[event.slug])
    assert "Give me another" in browser.get(desk).content.decode()
    answer = browser.post(ask(event), follow=True)
    page = unescape(answer.content.decode())
    sent = Assignment.objects.get(judge=third).submission
    assert answer.redirect_chain[-1][0] == reverse("ballots:sheet", args=[event.slug, sent.pk])
    assert f"“{sent}” is on your desk" in page
    assert "contender" not in page + unescape(browser.get(desk).content.decode())


def test_button_is_gone_while_enough_waits_or_judging_is_closed(sign_in, event, organizer, judged):
    third = make_judge(event, "third")
    browser, desk = sign_in(third), reverse("ballots:event", args=[event.slug])
    for submission in judged[:3]:
        panel.assign(organizer, submission, judge=third)
    assert "Give me another" not in browser.get(desk).content.decode()
    Assignment.objects.filter(judge=third).delete()
    close_phase(event, Phase.Kind.JUDGING)
    assert "Give me another" not in browser.get(desk).content.decode()


def race(event, one, two):
    """What two judges who ask at once are sent; the first holds its transaction open meanwhile."""
    sent, may_commit = Signal(), Signal()

    def first():
        try:
            with transaction.atomic():
                assignment = ask_for_another(one, event)
                sent.set()
                may_commit.wait(5)
            return assignment.submission_id
        finally:
            connection.close()

    def second():
        try:
            return ask_for_another(two, event).submission_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ahead = pool.submit(first)
        assert sent.wait(10)
        behind = pool.submit(second)
        wait([behind], timeout=2)  # it now waits for the first, or has not seen it
        may_commit.set()
        return ahead.result(60), behind.result(60)


@pytest.fixture
def two_that_need_one(event, organizer, criteria, judge):
    """Two submissions, one review each: whoever asks is sent to one of them."""
    submissions = [make_submission(event, title) for title in ("Ant", "Bee")]
    for submission, value in zip(submissions, (4, 3), strict=True):
        review(organizer, judge, submission, value)
    return {submission.pk for submission in submissions}


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_are_sent_to_two(event, two_that_need_one):
    one, two = make_judge(event, "one"), make_judge(event, "two")
    assert set(race(event, one, two)) == two_that_need_one


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_are_sent_to_the_same(event, two_that_need_one, monkeypatch):
    """Negative control."""
    one, two = make_judge(event, "one"), make_judge(event, "two")
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_options: self)
    assert len(set(race(event, one, two))) == 1
