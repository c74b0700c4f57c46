import numpy as np
import pytest

from judging.ranking import fit_ranking, read_reviews, surprises


def panel_of(judges=8, entries=24, seed=0):
    """Everybody reads everything, honestly."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(3, 1, entries)
    judge, entry = (grid.ravel() for grid in np.indices((judges, entries)))
    score = quality[entry] + rng.normal(0, 0.4, len(entry))
    return judge, entry, score


def found(judge, entry, score):
    ranking, reviews = fit_ranking(judge, entry, score), read_reviews(judge, entry, score)
    return surprises(ranking, reviews)


def test_honest_panel_is_not_pointed_at():
    assert found(*panel_of()) == []


def test_score_far_above_the_others_is_pointed_out_with_the_evidence():
    judge, entry, score = panel_of()
    pushed = (judge == 2) & (entry == 5)
    honest = float(score[pushed][0])
    score[pushed] += 4
    [surprise] = found(judge, entry, score)
    assert (surprise.judge, surprise.kind, surprise.entry) == (2, "pushes", 5)
    assert surprise.given == pytest.approx(honest + 4)
    assert abs(surprise.expected - honest) < 1.5


def test_scores_that_follow_nothing_are_pointed_out():
    judge, entry, score = panel_of(entries=80)
    random = judge == 4
    score[random] = np.random.default_rng(2).uniform(1, 5, random.sum())
    assert [(s.judge, s.kind) for s in found(judge, entry, score) if s.kind == "careless"] == [
        (4, "careless")
    ]


def test_few_scores_are_no_ground_for_suspicion():
    judge, entry, score = panel_of(judges=3, entries=4)
    score[0] = 50
    assert found(judge, entry, score) == []


def test_criterion_asked_in_one_track_only_leaves_the_other_complete():
    """Entry 1 is of a track without criterion 1: its review has no gap."""
    told = read_reviews([0, 0, 0], [0, 0, 1], [4, 2, 4], criterion=[0, 1, 0], track=[0, 1])
    assert list(told.spread) == pytest.approx([1, 1])
    assert list(told.score) == pytest.approx([3, 4])
