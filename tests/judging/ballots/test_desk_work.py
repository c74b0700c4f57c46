"""Beside scoring: skip, abstain, flag, compare, discuss; evidence that waits; the poll."""

import pytest
from django.urls import reverse

from judging.awards.standings import standings
from judging.ballots import actions, comparing, desk_work, examples, pairing, tally
from judging.ballots.desk import desk, earlier_scores
from judging.ballots.models import Ballot, Comparison, Flag, Skip
from judging.ballots.tally import gather
from judging.panel import actions as panel
from judging.panel import conflicts
from judging.panel.models import Assignment, Panel
from submissions.entries.models import Submission
from tests.judging.conftest import make_submission, scores_of
from theme.refusal import Refused


@pytest.fixture
def three(event, organizer, criteria, judge):
    """Three submissions on the judge's desk."""
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]
    return [panel.assign(organizer, submission, judge=judge) for submission in submissions]


def titles(judge, event):
    return [task.title for task in desk(judge, event).tasks]


def test_skipped_one_comes_last(event, judge, three):
    desk_work.skip(judge, three[0], reason=Skip.Reason.ABSENT)
    assert titles(judge, event) == ["Bee", "Cat", "Ant"]


def test_desk_follows_the_floor(event, organizer, judge, three):
    panel.number_spots(organizer, event)
    three[0].submission.spot.delete()
    panel.number_spots(organizer, event)
    assert [task.spot for task in desk(judge, event).tasks] == [1, 2, 3]


def test_abstained_one_leaves_the_desk_and_is_not_sent_again(event, organizer, judge, three):
    desk_work.abstain(judge, three[0], words="Not my field.")
    assert titles(judge, event) == ["Bee", "Cat"]
    assert not Submission.objects.visible_to(judge).filter(title="Ant").exists()
    with pytest.raises(Refused):
        actions.submit(judge, three[0], scores=scores_of(event, 3))


def test_flag_is_told_to_organizers_and_settled(sign_in, event, organizer, judge, three):
    raised = desk_work.flag(judge, three[0], kind=Flag.Kind.OFFENSIVE, words="See slide 3.")
    url = reverse("ballots:progress", args=[event.slug])
    assert "See slide 3." in sign_in(organizer).get(url).content.decode()
    desk_work.settle(organizer, raised)
    assert "See slide 3." not in sign_in(organizer).get(url).content.decode()


def test_others_desks_stay_closed(judge, second_judge, three):
    for attempt in (
        lambda: desk_work.skip(second_judge, three[0], reason=Skip.Reason.BUSY),
        lambda: desk_work.abstain(second_judge, three[0]),
        lambda: desk_work.flag(second_judge, three[0], kind=Flag.Kind.NO_DEMO),
    ):
        with pytest.raises(Refused):
            attempt()


def test_frozen_scores_stay(event, organizer, judge, three):
    """B88: a save while the lead freezes is refused with 409."""
    panel.freeze(organizer, event, frozen=True)
    with pytest.raises(Refused) as refused:
        actions.submit(judge, three[0], scores=scores_of(event, 3))
    assert (refused.value.code, refused.value.status) == ("judging.closed", 409)
    panel.freeze(organizer, event, frozen=False)
    assert actions.submit(judge, three[0], scores=scores_of(event, 3)).is_submitted


def test_every_state_of_a_sheet_is_kept(event, judge, three):
    actions.save_draft(judge, three[0], scores=scores_of(event, 2), comment="Hm.")
    ballot = actions.submit(judge, three[0], scores=scores_of(event, 4), version=1)
    actions.reopen(judge, three[0], version=ballot.version)
    kept = list(ballot.versions.values_list("number", "state", "comment"))
    assert kept == [(3, "draft", ""), (2, "submitted", ""), (1, "draft", "Hm.")]


def test_cannot_judge_is_an_answer_where_the_criterion_allows_it(event, judge, three):
    first = event.criteria.first()
    told = scores_of(event, 4) | {first.pk: None}
    with pytest.raises(Refused) as refused:
        actions.submit(judge, three[0], scores=told)
    assert refused.value.code == "ballot.odd_score"
    event.criteria.filter(pk=first.pk).update(optional=True)
    assert actions.submit(judge, three[0], scores=told).is_submitted
    [rows] = [contest.rows for contest in standings(event).contests]
    assert rows[0].raw == pytest.approx(4)


def test_criterion_of_another_category_is_not_asked(event, judge, three):
    event.criteria.create(name="Web only", question="?", track=event.tracks.get(slug="web"))
    own = event.criteria.filter(track__isnull=True)
    assert actions.submit(judge, three[0], scores={c.pk: 3 for c in own}).is_submitted


def test_own_earlier_scores_are_shown(event, judge, three):
    for assignment, value in zip(three, (4, 2, 4), strict=True):
        actions.submit(judge, assignment, scores=scores_of(event, value))
    told = dict(earlier_scores(judge, three[1]))
    assert told["Originality"] == [(4, ["Ant", "Cat"])]


def test_evidence_waits_for_the_first_score_over_every_address(
    sign_in, event, organizer, judge, three
):
    panel.set_up(organizer, event, evidence=Panel.Evidence.AFTER)
    submission, browser = three[0].submission, sign_in(judge)
    evidence = reverse("reports:panel", args=[submission.pk])
    assert browser.get(evidence).status_code == 404
    assert sign_in(organizer).get(evidence).status_code == 200
    first = event.criteria.first()
    actions.save_draft(judge, three[0], scores={first.pk: 3})
    assert browser.get(evidence).status_code == 200


def test_poll_is_answered_by_304_until_something_changes(
    sign_in, event, judge, three, django_assert_max_num_queries
):
    """L5: at most 8 queries, and nothing is sent where nothing changed."""
    url, browser = reverse("ballots:event", args=[event.slug]), sign_in(judge)
    etag = browser.get(url)["ETag"]
    poll = {"HX-Request": "true", "If-None-Match": etag}
    with django_assert_max_num_queries(8):
        assert browser.get(url, headers=poll).status_code == 304
    actions.submit(judge, three[0], scores=scores_of(event, 4))
    assert browser.get(url, headers=poll).status_code == 200


@pytest.fixture
def expo(event, organizer, criteria):
    panel.set_up(organizer, event, pairs=True)
    return [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]


def test_comparisons_alone_make_a_ranking(event, judge, expo):
    """The same model takes both kinds of answer."""
    ant, bee, cat = expo
    for one, other in ((bee, ant), (bee, cat), (cat, ant)):
        comparing.compare(judge, other, one, better=one)
    [rows] = [contest.rows for contest in standings(event).contests]
    assert [row.submission for row in rows] == [bee, cat, ant]
    assert rows[0].judged
    assert rows[0].p_first > 0.5


def test_pairs_are_asked_until_all_that_matter_are_answered(event, judge, expo):
    asked = set()
    while pair := pairing.pick_pair(judge, event):
        assert frozenset(pair) not in asked
        asked.add(frozenset(pair))
        comparing.compare(judge, *pair, better=None)
    assert len(asked) == 3


def test_conflicted_judge_compares_neither(event, judge, second_judge, expo):
    ant, bee, _cat = expo
    comparing.compare(second_judge, ant, bee, better=ant)
    for user in (judge, second_judge):
        conflicts.declare_conflict(user, ant, judge=user)
    with pytest.raises(Refused):
        comparing.compare(judge, ant, bee, better=ant)
    assert not Comparison.objects.counted(event).exists()
    assert all(ant not in pair for pair in [pairing.pick_pair(judge, event)])


def test_pair_by_the_button(sign_in, event, judge, expo):
    url, browser = reverse("ballots:pair", args=[event.slug]), sign_in(judge)
    assert "is better" in browser.get(url).content.decode()
    one, other = expo[:2]
    told = {"one": one.pk, "other": other.pk, "better": one.pk}
    browser.post(url, told)
    assert Comparison.objects.get().better == one
    assert browser.post(url, told | {"better": "nonsense"}).status_code == 404


def test_judges_discuss_after_their_own_sheet_only(
    sign_in, event, organizer, judge, second_judge, assignment
):
    """Independence: no other judge's scores before the own are in."""
    submission = assignment.submission
    other = panel.assign(organizer, submission, judge=second_judge)
    actions.submit(judge, assignment, scores=scores_of(event, 4))
    url = reverse("ballots:discussion", args=[event.slug, submission.pk])
    assert sign_in(judge).get(url).status_code == 404  # the event does not allow it
    panel.set_up(organizer, event, discussion=True)
    assert sign_in(judge).get(url).status_code == 200
    assert sign_in(second_judge).get(url).status_code == 404
    with pytest.raises(Refused):
        desk_work.remark(second_judge, submission, text="So?")
    actions.submit(second_judge, other, scores=scores_of(event, 2))
    desk_work.remark(judge, submission, text="Did it run for you?")
    assert "Did it run for you?" in sign_in(second_judge).get(url).content.decode()


def test_examples_come_first_and_show_the_spread_afterwards(
    sign_in, event, organizer, criteria, judge, second_judge
):
    [example] = panel.save_examples(organizer, event, examples=[("Toaster", "It toasts.")])
    for user, value in ((second_judge, 2), (judge, 4)):
        desk_work.score_example(user, example, scores=scores_of(event, value))
    [(_example, rows)] = examples.spread(judge, event)
    assert (rows[0].own, rows[0].low, rows[0].high, rows[0].judges) == (4, 2, 4, 2)
    page = sign_in(judge).get(reverse("ballots:training", args=[event.slug])).content.decode()
    assert "Toaster" in page
    assert not Ballot.objects.exists()


def test_fine_scale_is_a_number(sign_in, event, judge, assignment):
    event.criteria.update(steps=100, anchors=["poor", "fine"])
    first = event.criteria.first()
    assert first.marks == [("1–50", "poor"), ("51–100", "fine")]
    url = reverse("ballots:sheet", args=[event.slug, assignment.submission_id])
    told = {f"criterion_{c.pk}": 77 for c in event.criteria.all()}
    sign_in(judge).post(url, told | {"version": 0, "submit": "1"})
    assert set(Ballot.objects.get().scores.values_list("value", flat=True)) == {77}
    assert Assignment.objects.get().ballot.is_submitted


def test_pair_by_each_criterion_on_the_page(sign_in, event, organizer, judge, expo):
    panel.set_up(organizer, event, pairs_by_criterion=True)
    url, browser = reverse("ballots:pair", args=[event.slug]), sign_in(judge)
    page = browser.get(url).content.decode()
    assert "Originality" in page
    one, other = browser.get(url).context["pair"]
    told = {f"criterion_{c.pk}": str(other.pk) for c in event.criteria.all()[:3]}
    told |= {"one": str(one.pk), "other": str(other.pk), "better": "criteria"}
    browser.post(url, told)
    answers = Comparison.objects.order_by("criterion__position")
    assert [answer.better for answer in answers] == [other, other, other, None]
    assert gather(event).answers == [(judge.pk, other.pk, one.pk)]  # one impression, not three


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ([("one", 1.0), ("other", 2.0)], "other"),
        ([("one", 1.0), ("other", 1.0)], None),
        ([("one", 1.0), (None, 3.0)], "one"),
        ([("one", 3.0), ("other", None)], "other"),
        ([(None, None), ("one", 1.0)], "one"),
    ],
)
def test_answers_by_criterion_make_one_answer_for_the_pair(said, better):
    """By weight; what was said overall (without a weight) goes before."""
    assert tally._better("one", "other", said) == better


def test_pair_by_criterion_needs_an_answer_to_each(event, judge, expo):
    with pytest.raises(Refused):
        comparing.compare_by_criterion(judge, expo[0], expo[1], better={})
    assert not Comparison.objects.exists()
