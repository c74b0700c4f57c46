"""Pairwise answers against mathematics and small simulations."""

import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import kendalltau

from judging.ranking import fit_ranking
from judging.ranking.comparisons import laplace

NO_SCORES: tuple[list[int], list[int], list[float]] = ([], [], [])


def answers(quality, noise, rng, count, judges=None):
    """`count` answers of each judge about random pairs: judge, winner, loser."""
    judges = len(noise) if judges is None else judges
    judge = np.repeat(np.arange(judges), count)
    one = rng.integers(len(quality), size=len(judge))
    other = (one + rng.integers(1, len(quality), size=len(judge))) % len(quality)
    gap = quality[one] - quality[other] + np.sqrt(2) * noise[judge] * rng.normal(size=len(judge))
    return {
        "comparison_judge": judge,
        "winner": np.where(gap > 0, one, other),
        "loser": np.where(gap > 0, other, one),
    }


def test_laplace_has_the_gradient_and_curvature_of_the_probit():
    margin, step = np.array([-4.0, -0.5, 0.0, 2.0, 7.0]), 1e-4
    told = laplace(margin, np.full(5, 2.0))

    def log(x):
        return log_ndtr(x / np.sqrt(2))

    slope = (log(margin + step) - log(margin - step)) / (2 * step)
    bend = -(log(margin + step) - 2 * log(margin) + log(margin - step)) / step**2
    assert told.curvature == pytest.approx(bend, abs=1e-5)
    assert told.slope - told.curvature * margin == pytest.approx(slope, abs=1e-6)


def test_comparisons_alone_give_the_order():
    rng = np.random.default_rng(0)
    quality = rng.normal(size=30)
    ranking = fit_ranking(*NO_SCORES, **answers(quality, np.full(8, 0.4), rng, 60))
    assert kendalltau(ranking.mean, quality).statistic > 0.85
    assert ranking.p_first.sum() == pytest.approx(1)
    assert np.argmax(ranking.p_first) == np.argmax(ranking.mean)


def test_stated_chances_from_comparisons_come_true():
    """Within three standard errors, over 150 small expos."""
    rng, said, came = np.random.default_rng(1), [], []
    for _ in range(150):
        quality = 0.6 * rng.normal(size=12)
        ranking = fit_ranking(*NO_SCORES, **answers(quality, np.full(5, 0.63), rng, 12))
        said.append(ranking.p_first.max())
        came.append(np.argmax(ranking.p_first) == np.argmax(quality))
    assert np.mean(came) == pytest.approx(np.mean(said), abs=3 * np.sqrt(0.25 / 150))


def test_scores_and_comparisons_of_the_same_entries_add_up():
    rng = np.random.default_rng(2)
    quality = rng.normal(size=40)
    entry = np.repeat(np.arange(40), 2)
    judge = np.concatenate([rng.permutation(6)[:2] for _ in range(40)])
    scores = judge, entry, quality[entry] + 0.8 * rng.normal(size=80)
    told = answers(quality, np.full(6, 0.8), rng, 40)
    both, alone = fit_ranking(*scores, **told), fit_ranking(*scores)
    assert both.sd.mean() < 0.9 * alone.sd.mean()
    better = [kendalltau(found.mean, quality).statistic for found in (both, alone)]
    assert better[0] > better[1]


def test_judge_who_tosses_a_coin_is_called_careless_and_hardly_counts():
    rng = np.random.default_rng(3)
    quality = rng.normal(size=25)
    told = answers(quality, np.array([0.4, 0.4, 0.4, 0.4, 50.0]), rng, 60)
    ranking = fit_ranking(*NO_SCORES, **told)
    assert ranking.careless[4] > 0.9
    assert ranking.careless[:4].max() < 0.05


def test_severity_says_nothing_in_a_comparison():
    told = {"comparison_judge": [0, 0, 1], "winner": [0, 1, 0], "loser": [1, 2, 2]}
    ranking = fit_ranking(*NO_SCORES, **told)
    assert list(np.argsort(-ranking.mean)) == [0, 1, 2]
    assert ranking.severity == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"winner": [1]}, "must be of one length"),
        ({"winner": [0], "loser": [0], "comparison_judge": [0]}, "compared with itself"),
        ({"winner": [-1], "loser": [0], "comparison_judge": [0]}, "winner must hold whole"),
        ({"winner": [4000], "loser": [0], "comparison_judge": [0]}, "at most 3000 entries"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(told, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit_ranking(*NO_SCORES, **told)
