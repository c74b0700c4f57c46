"""What users of Gavel, Jury and HotCRP ran into, turned into tests."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import combinations

import numpy as np
import pytest
from django.db import connection
from django.urls import reverse

from judging.ballots import comparing, desk_work, pairing
from judging.ballots.another import ask_for_another
from judging.ballots.desk import desk
from judging.ballots.models import Comparison, Skip
from judging.panel import actions as panel
from judging.panel import assigning
from judging.panel.models import Assignment
from judging.ranking import fit_ranking
from tests.conftest import make_user
from tests.judging.conftest import make_judge, make_submission
from theme.refusal import Refused


@pytest.fixture
def expo(event, organizer, criteria):
    panel.set_up(organizer, event, pairs=True)
    return [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]


@pytest.fixture
def many(expo, event):
    return [make_judge(event, f"judge{number}") for number in range(6)]


@pytest.mark.django_db(transaction=True)
def test_judges_who_vote_at_once_are_all_heard(event, expo, many):
    """Gavel #35: a serialization failure every ten votes or so."""

    def vote(judge):
        try:
            for one, other in combinations(expo, 2):
                comparing.compare(judge, one, other, better=one)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(many)) as pool:
        list(pool.map(vote, many))
    assert Comparison.objects.counted(event).count() == 3 * len(many)


@pytest.mark.django_db(transaction=True)
def test_fifty_votes_of_one_judge_at_once_are_one_vote(event, expo, judge):
    """B70: replayed from many connections; the database keeps one for a judge and a pair."""
    one, other = expo[:2]

    def vote(number):
        try:
            with suppress(Refused):
                pair = (one, other) if number % 2 else (other, one)
                comparing.compare(judge, *pair, better=one)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(vote, range(50)))
    assert [(made.judge, made.better) for made in Comparison.objects.all()] == [(judge, one)]
    assert Comparison.objects.counted(event).count() == 1


def test_second_account_of_one_mailbox_is_another_judge_only_if_invited(sign_in, event, expo):
    """B70: an account of one's own making has no vote, however many one makes."""
    for name in ("judge+1", "jud.ge"):
        browser = sign_in(make_user(name))
        told = {"one": expo[0].pk, "other": expo[1].pk, "better": expo[0].pk}
        answer = browser.post(reverse("ballots:pair", args=[event.slug]), told)
        assert answer.status_code == 404
    assert not Comparison.objects.exists()


def test_what_was_skipped_is_not_handed_back_at_once(event, organizer, judge, expo):
    """Jury #80, #133: Skip and "busy" gave the same project again."""
    first, second = (panel.assign(organizer, one, judge=judge) for one in expo[:2])
    assert desk(judge, event).next_after().pk == first.pk
    desk_work.skip(judge, first, reason=Skip.Reason.BUSY)
    assert desk(judge, event).next_after().pk == second.pk
    assert ask_for_another(judge, event).submission == expo[2]


@pytest.mark.django_db(transaction=True)
def test_judge_who_presses_twice_is_sent_two_or_one_and_never_one_twice(event, expo, judge):
    """Jury #133: two requests at once returned one project."""

    def press(_time):
        try:
            return ask_for_another(judge, event).submission_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(press, range(2)))
    assert sorted(sent) == sorted(
        Assignment.objects.filter(judge=judge).values_list("submission_id", flat=True)
    )


def test_a_pair_once_answered_is_not_asked_again(event, expo, judge):
    one, other = pairing.pick_pair(judge, event)
    comparing.compare(judge, one, other, better=None)
    assert {*pairing.pick_pair(judge, event)} != {one, other}


def test_judge_is_told_how_many_are_left(sign_in, event, organizer, judge, expo):
    """Gavel #51: "how many more must I judge?"."""
    for submission in expo:
        panel.assign(organizer, submission, judge=judge)
    page = sign_in(judge).get(reverse("ballots:event", args=[event.slug])).content.decode()
    assert "0 of 3" in page


def test_diligent_judge_does_not_weigh_more_in_each_score():
    """Jury: its range of scores grows with the length of a judge's list. Here what a judge says of
    two submissions weighs the same whether he read ten others or forty."""
    rng = np.random.default_rng(0)
    quality = rng.normal(size=60)
    judge = np.repeat([0, 1, 2, 3], [60, 60, 60, 14])
    entry = np.r_[np.tile(np.arange(60), 3), np.arange(14)]
    score = quality[entry] + 0.5 * rng.normal(size=len(entry))
    few = fit_ranking(judge, entry, score)
    weight = few.scale**2 / few.noise**2
    assert weight[3] < 1.5 * weight[:3].max()  # and not 60 / 14 the other way either
    assert weight[3] > weight[:3].min() / 1.5


def test_load_cap_holds_for_every_way_in(event, organizer, judge, expo):
    """HotCRP #382: the cap of a reviewer's load was a hidden setting that not all ways knew."""
    event.expertises.create(judge=judge, capacity=1)
    panel.assign(organizer, expo[0], judge=judge)
    assert assigning.assign_all(organizer, event, reviews=1) == []
