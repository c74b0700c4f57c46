import numpy as np

from judging.ranking import fit_ranking, next_pair
from tests.judging.ranking.test_comparisons import NO_SCORES, answers

EVERYTHING = np.ones(12, dtype=bool)


def expo(rng, count=30):
    quality = np.r_[2.0, 1.9, np.linspace(0.5, -2, 10)]
    return fit_ranking(*NO_SCORES, **answers(quality, np.full(5, 0.5), rng, count))


def test_pair_that_settles_most_is_the_two_at_the_top():
    ranking = expo(np.random.default_rng(0))
    pair = next_pair(ranking, 0, allowed=EVERYTHING, seen=np.full(12, 20))
    assert set(pair) == {0, 1}


def test_pair_already_answered_is_not_asked_again():
    ranking = expo(np.random.default_rng(0))
    pair = next_pair(ranking, 0, allowed=EVERYTHING, seen=np.full(12, 20), answered=[(1, 0)])
    assert set(pair) != {0, 1}


def test_pair_never_has_an_entry_that_is_not_allowed():
    ranking = expo(np.random.default_rng(0))
    allowed = EVERYTHING.copy()
    allowed[0] = False
    assert 0 not in next_pair(ranking, 0, allowed=allowed, seen=np.full(12, 20))
    assert next_pair(ranking, 0, allowed=~EVERYTHING, seen=np.full(12, 20)) is None


def test_entry_seen_too_little_comes_first():
    ranking = expo(np.random.default_rng(0))
    seen = np.full(12, 20)
    seen[7] = 0
    assert next_pair(ranking, None, allowed=EVERYTHING, seen=seen)[0] == 7


def test_pairs_stay_within_a_track():
    track = np.arange(12) % 2
    quality = np.linspace(2, -2, 12)
    told = answers(quality, np.full(5, 0.5), np.random.default_rng(1), 30)
    ranking = fit_ranking(*NO_SCORES, **told, track=track)
    one, other = next_pair(ranking, 1, allowed=EVERYTHING, seen=np.full(12, 9))
    assert track[one] == track[other]
