"""Steps are as far apart as they are used."""

import numpy as np
import pytest

from judging.ranking import fit_ranking
from judging.ranking.steps import spaced


def given(*counts):
    """Scores of one criterion: so many of step 1, of step 2, …"""
    return np.repeat(np.arange(1.0, len(counts) + 1), counts)


def where(score):
    """Where each step stands."""
    found = spaced(score, np.zeros(len(score), dtype=int))
    return np.array([found[score == step][0] for step in np.unique(score)])


def test_rare_step_is_further_away():
    steps = where(given(100, 200, 400, 300, 40))
    gaps = np.diff(steps)
    assert np.all(gaps > 0)
    assert gaps[3] > 1.2 > gaps[2]


@pytest.mark.parametrize("counts", [(80, 20), (50, 300, 50), (400,)])
def test_what_frequencies_cannot_tell_stays(counts):
    assert where(given(*counts)) == pytest.approx(np.arange(1, len(counts) + 1))


def test_mean_and_spread_of_each_criterion_stay():
    rng = np.random.default_rng(0)
    score = np.r_[given(10, 300, 500, 90, 60), given(1, 2, 300, 900)]
    criterion = np.r_[np.zeros(960, int), np.ones(1203, int)]
    mixed = rng.permutation(len(score))
    found = spaced(score[mixed], criterion[mixed])
    for code in (0, 1):
        here = criterion[mixed] == code
        assert found[here].mean() == pytest.approx(score[mixed][here].mean())
        assert found[here].std() == pytest.approx(score[mixed][here].std(), rel=0.02)


@pytest.mark.parametrize("score", [given(1, 2, 4, 1, 1), np.random.default_rng(0).normal(3, 1, 80)])
def test_few_scores_and_fine_scales_stay_nearly_where_they_were(score):
    assert np.abs(spaced(score, np.zeros(len(score), int)) - score).max() < 0.25 * score.std()


def test_last_step_counts_more_where_it_is_rare():
    """Two entries with the same mean: the one to whom somebody gave the rare step is ahead."""
    rng = np.random.default_rng(1)
    judge, entry = np.indices((40, 40))
    score = np.clip(np.round(3 + 0.6 * rng.normal(size=(40, 40))), 2, 4)
    score[:, 0], score[:, 1] = [5, 3, 4, 4] * 10, [4, 4, 4, 4] * 10
    ranking = fit_ranking(judge.ravel(), entry.ravel(), score.ravel())
    assert ranking.mean[0] > ranking.mean[1]
