import numpy as np
import pytest

from judging.ranking import close_calls, fit_ranking
from judging.ranking.close_calls import MOST, SURE, chance_to_settle


def ranked(*quality, judges=4, noise=0.4):
    rng = np.random.default_rng(0)
    judge, entry = np.indices((judges, len(quality))).reshape(2, -1)
    score = np.array(quality)[entry] + noise * rng.normal(size=len(entry))
    return fit_ranking(judge, entry, score)


def test_neighbours_far_apart_are_no_close_call():
    assert close_calls(ranked(9.0, 6.0, 4.0, 2.0, 1.0)) == []


def test_equals_at_the_top_are_and_are_named_in_their_order():
    ranking = ranked(9.0, 9.0, 4.0, 1.0, 0.0, -3.0)
    [call] = close_calls(ranking)
    assert {call.one, call.other} == {0, 1}
    assert ranking.mean[call.one] >= ranking.mean[call.other]
    assert (call.place, call.p < SURE) == (1, True)


def test_equals_below_the_fourth_place_do_not_matter():
    assert close_calls(ranked(9.0, 7.0, 5.0, 3.0, 0.0, 0.0)) == []


def test_entries_nobody_reviewed_are_no_neighbours():
    ranking = fit_ranking([0, 1], [0, 0], [4, 4], track=[0, 0, 0])
    assert close_calls(ranking) == []


def test_reviews_are_the_fewest_that_are_enough_or_the_most_worth_asking():
    for call in close_calls(ranked(9.0, 8.9, 8.8, 8.7, 1.0, noise=0.8)):
        assert call.chance >= SURE or call.reviews == MOST


def test_chance_to_settle_is_how_often_it_is_settled():
    """Against the plain way: draw the truth and the reviews, look whether the order is sure."""
    rng = np.random.default_rng(1)
    mean, variance, noise, count = 0.2, 0.3, 0.6, 3
    truth = rng.normal(mean, np.sqrt(variance), 40_000)
    error = 2 * noise**2 / count
    seen = truth + rng.normal(0, np.sqrt(error), 40_000)
    left = 1 / (1 / variance + 1 / error)
    after = left * (mean / variance + seen / error)
    settled = np.abs(after) / np.sqrt(left) >= 0.8416212  # P = 0.8 either way
    told = chance_to_settle(mean, variance, noise, np.array([count]))
    assert told == pytest.approx([settled.mean()], abs=0.01)
