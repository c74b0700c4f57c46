"""Expertise, capacity, absence; the plan before it is made; a judge who drops out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judging.ballots import actions as ballots
from judging.panel import actions, assigning, judges
from judging.panel.models import Assignment, Expertise
from submissions.entries.models import Submission
from tests.judging.conftest import make_judge, make_submission, scores_of
from theme.refusal import Refused


def tell(judge, event, tracks=(), **told):
    expertise = Expertise(event=event, judge=judge, **told)
    return judges.tell_expertise(judge, expertise, tracks=list(tracks))


def pairs(event):
    return set(
        Assignment.objects.of(event).active().values_list("judge__name", "submission__title")
    )


def test_each_gets_what_he_knows_where_loads_stay_even(event, organizer, judge, second_judge):
    tools, web = event.tracks.all()
    for title, track in (("Ant", "tools"), ("Bee", "web"), ("Cat", "tools"), ("Dog", "web")):
        make_submission(event, title, track)
    tell(judge, event, [web])
    tell(second_judge, event, [tools], words="sensors")
    plan = assigning.plan_all(organizer, event, reviews=1)
    assert sum(load.at_home for load in plan.loads) >= 2
    assert plan.count == 5  # one more, so that the two can be compared
    assert {load.total for load in plan.loads} == {2, 3}
    assert not Assignment.objects.exists()


def test_capacity_is_kept_and_what_is_missing_is_said(event, organizer, judge):
    for title in ("Ant", "Bee", "Cat"):
        make_submission(event, title)
    tell(judge, event, capacity=2)
    plan = assigning.plan_all(organizer, event, reviews=1)
    assert [load.total for load in plan.loads] == [2]
    assert "Too few judges" in plan.problems[0]


def test_who_is_away_is_sent_nothing(event, organizer, judge, second_judge, submission):
    today = timezone.localdate()
    tell(judge, event, away_from=today - timedelta(days=1), away_until=today)
    tell(second_judge, event, away_from=today + timedelta(days=1))
    made = assigning.assign_all(organizer, event, reviews=2)
    assert {assignment.judge for assignment in made} == {second_judge}


def test_plan_that_has_changed_is_not_carried_out(event, organizer, judge, submission):
    plan = assigning.plan_all(organizer, event, reviews=1)
    make_submission(event, "Late")
    with pytest.raises(Refused, match="look at the new plan"):
        assigning.assign_all(organizer, event, reviews=1, key=plan.key)
    fresh = assigning.plan_all(organizer, event, reviews=1)
    assert len(assigning.assign_all(organizer, event, reviews=1, key=fresh.key)) == fresh.count


def test_dropped_out_judge_loses_what_is_open_and_nothing_else_changes(
    event, organizer, criteria, judge, second_judge
):
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]
    third = make_judge(event, "third")
    done = actions.assign(organizer, submissions[0], judge=judge)
    ballots.submit(judge, done, scores=scores_of(event, 4))
    begun = actions.assign(organizer, submissions[1], judge=judge)
    ballots.save_draft(judge, begun, scores={})
    actions.assign(organizer, submissions[2], judge=judge)
    for submission in submissions:
        actions.assign(organizer, submission, judge=second_judge)
    made = assigning.replace_judge(organizer, event, judge=judge)
    assert {(a.judge, a.submission) for a in made} == {(third, s) for s in submissions[1:]}
    assert pairs(event) == {
        ("Judge", "Ant"), ("Second", "Ant"), ("Second", "Bee"), ("Second", "Cat"),
        ("Third", "Bee"), ("Third", "Cat"),
    }  # fmt: skip
    assert not Submission.objects.visible_to(judge).filter(title="Cat").exists()


@pytest.mark.parametrize("who", ["judge", "author", "stranger"])
def test_only_organizers_plan_and_replace(request, event, submission, judge, who):
    user = request.getfixturevalue(who)
    for attempt in (
        lambda: assigning.plan_all(user, event, reviews=1),
        lambda: assigning.replace_judge(user, event, judge=judge),
        lambda: actions.set_up(user, event, pairs=True),
        lambda: actions.freeze(user, event, frozen=True),
        lambda: actions.number_spots(user, event),
        lambda: actions.save_examples(user, event, examples=[]),
    ):
        with pytest.raises(Refused):
            attempt()


def test_judge_tells_the_own_expertise_and_nobody_elses(event, judge, second_judge):
    with pytest.raises(Refused):
        judges.tell_expertise(judge, Expertise(event=event, judge=second_judge), tracks=[])
    assert tell(judge, event, words="speech, robots").subjects == {"speech", "robots"}


def test_spots_are_given_once(event, organizer, submission):
    assert actions.number_spots(organizer, event) == 1
    make_submission(event, "Bee")
    assert actions.number_spots(organizer, event) == 1
    assert list(event.submissions.order_by("spot").values_list("spot__number", flat=True)) == [1, 2]
