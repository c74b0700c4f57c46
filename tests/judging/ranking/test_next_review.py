"""Where the next review is worth most."""

import numpy as np
import pytest
from scipy.special import entr, ndtr

from judging.ranking import Ranking, fit_ranking, next_best
from judging.ranking.next_review import expected_gain

ALL = np.ones(12, dtype=bool)
NONE = np.zeros(12, dtype=int)


@pytest.fixture(scope="module")
def ranking():
    """Twelve entries, three reviews each: 0 and 1 close at the top, the rest behind."""
    rng = np.random.default_rng(0)
    quality = np.array([9.0, 9.0, *np.linspace(6, 1, 10)])
    entry, judge = np.repeat(np.arange(12), 3), np.tile([0, 1, 2], 12)
    score = quality[entry] + 0.5 * rng.normal(size=36)
    return fit_ranking(judge, entry, score)


def test_close_contenders_for_first_place_are_sent_first(ranking):
    choice = next_best(ranking, 0, allowed=ALL, pending=NONE)
    assert choice.entry in (0, 1)
    assert choice.cause == "first"
    assert choice.gain > 0


def test_entry_that_decides_nothing_is_worth_nothing(ranking):
    rest = np.arange(12) == 11
    assert next_best(ranking, 0, allowed=rest, pending=NONE).gain == pytest.approx(0, abs=0.02)


def test_entry_on_the_edge_of_the_podium_is_sent_for_the_podium(ranking):
    choice = next_best(ranking, 0, allowed=np.arange(12) > 1, pending=NONE)
    assert (choice.entry, choice.cause) == (2, "top") or (choice.entry, choice.cause) == (3, "top")


def test_conflicts_are_never_chosen(ranking):
    for forbidden in range(3):
        allowed = np.arange(12) > forbidden
        assert next_best(ranking, 0, allowed=allowed, pending=NONE).entry > forbidden


def test_nothing_allowed_gives_nothing(ranking):
    assert next_best(ranking, 0, allowed=~ALL, pending=NONE) is None


def test_every_entry_first_gets_two_reviews():
    """Even one that has no chance, before a third for the close ones."""
    entry, judge = [0, 0, 1, 1, 2], [0, 1, 0, 1, 0]
    ranking = fit_ranking(judge, entry, [5, 5, 5, 5, 1], track=[0, 0, 0])
    allowed, pending = np.ones(3, bool), np.zeros(3, int)
    choice = next_best(ranking, 1, allowed=allowed, pending=pending)
    assert (choice.entry, choice.cause) == (2, "few")
    pending[2] = 1  # somebody is at it
    assert next_best(ranking, 1, allowed=allowed, pending=pending).entry in (0, 1)


def test_no_entry_gets_more_than_the_cap(ranking):
    assert next_best(ranking, 0, allowed=ALL, pending=NONE, cap=3) is None
    pending = NONE.copy()
    pending[:2] = 5
    assert next_best(ranking, 0, allowed=ALL, pending=pending, cap=8).entry > 1


def test_judges_who_ask_at_once_are_spread(ranking):
    pending, sent = NONE.copy(), []
    for _ in range(4):
        sent.append(next_best(ranking, None, allowed=ALL, pending=pending).entry)
        pending[sent[-1]] += 1
    assert {0, 1} <= set(sent)


def test_careless_judge_is_sent_where_fewest_reviews_are():
    """What such a judge says settles nothing, so it does not matter; the others go to the top."""
    rng = np.random.default_rng(3)
    quality = rng.normal(3, 1, 60)
    table = quality + 0.4 * rng.normal(size=(6, 60))
    table[0] = 3 + 0.1 * rng.normal(size=60)
    judge, entry = np.indices(table.shape)
    given = np.ones(360, bool)
    given[5 * 60 + np.argmin(quality)] = False  # the last entry lacks judge 5
    columns = judge.ravel()[given], entry.ravel()[given], table.ravel()[given]
    ranking = fit_ranking(*columns)
    allowed, pending = np.ones(60, bool), np.zeros(60, int)
    careless = next_best(ranking, 0, allowed=allowed, pending=pending)
    assert careless.entry == np.argmin(quality)
    assert next_best(ranking, 1, allowed=allowed, pending=pending).gain > 3 * careless.gain


def test_before_the_first_review_everything_is_equal():
    ranking = fit_ranking([], [], [], track=[0, 0, 1])
    choice = next_best(ranking, None, allowed=np.ones(3, bool), pending=np.zeros(3, int))
    assert choice.cause == "few"


def test_expected_gain_is_the_exact_one_where_that_is_known():
    """Two entries, normal, the first reviewed once more without a doubt about the judge.

    The difference d ~ N(m, 2) is then N(m', v') with m' ~ N(m, 2 - v'); first is who has P(d > 0).
    """
    mean, sd, noise = np.array([0.3, 0.0]), 1.0, 0.5
    rng = np.random.default_rng(1)
    draws = mean + sd * rng.normal(size=(20_000, 2))
    zeros = np.zeros(2)
    ranking = Ranking(
        mean=mean, sd=zeros, low=zeros, high=zeros, p_first=zeros, severity=zeros[:1],
        scale=np.ones(1), noise=np.array([noise]), careless=zeros[:1],
        reviews=np.array([2, 2]), track=np.array([0, 0]), fields=(np.arange(2),),
        draws=draws, leniency=np.zeros((20_000, 1)),
    )  # fmt: skip
    left = 1 + noise**2 / (1 + noise**2)  # variance of d after the review
    grid = np.linspace(-6, 6, 2001)
    chance = ndtr((0.3 + np.sqrt(2 - left) * grid) / np.sqrt(left))
    after = np.sum(_entropy(chance) * np.exp(-(grid**2) / 2)) / np.sum(np.exp(-(grid**2) / 2))
    [told], _top = expected_gain(ranking, 0, np.array([0]))
    assert told == pytest.approx(_entropy(ndtr(0.3 / np.sqrt(2))) - after, abs=0.01)


def _entropy(chance):
    return entr(chance) + entr(1 - chance)
