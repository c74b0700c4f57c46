import pytest

from judging.awards.standings import standings
from judging.ballots.models import Score


def test_ranking_finds_the_order_and_the_strict_judge(event, judged, second_judge):
    found = standings(event)
    [rows] = [contest.rows for contest in found.contests]
    assert [row.submission.title for row in rows] == ["Ant", "Bee", "Cat"]
    assert [row.place for row in rows] == [1, 2, 3]
    assert rows[0].raw == pytest.approx(4.5)
    assert sum(row.p_first for row in rows) == pytest.approx(1)
    strict = max(found.judges, key=lambda row: row.severity)
    assert strict.judge == second_judge


def test_without_a_submission_there_is_nothing(event):
    assert standings(event).contests == []


def test_without_a_review_everybody_has_the_same_chance(event, submission):
    [row] = standings(event).contests[0].rows
    assert (row.reviews, row.raw, row.raw_place) == (0, None, None)


def test_criteria_without_weight_count_the_same(event, judged):
    event.criteria.update(weight=0)
    assert standings(event).contests[0].rows[0].submission == judged[0]


def test_weight_decides_between_two_that_win_one_criterion_each(event, judged, judge):
    ant, bee, _cat = judged
    idea = event.criteria.get(name="Quality of the idea")
    others = Score.objects.exclude(criterion=idea)
    for submission, best, rest in ((ant, 5, 1), (bee, 1, 5)):
        scores = Score.objects.filter(ballot__assignment__submission=submission)
        scores.filter(criterion=idea).update(value=best)
        others.filter(ballot__assignment__submission=submission).update(value=rest)
    assert standings(event).contests[0].rows[0].submission == bee
    event.criteria.filter(pk=idea.pk).update(weight=20)
    assert standings(event).contests[0].rows[0].submission == ant
