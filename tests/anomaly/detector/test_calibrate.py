import numpy as np
from scipy.stats import kstest

from anomaly.detector.calibrate import benjamini_hochberg, conformal_p_values, tail_p_values


def test_conformal_p_values_of_normal_rows_are_uniform() -> None:
    rng = np.random.default_rng(0)
    p = conformal_p_values(rng.normal(size=2000), rng.normal(size=500))
    assert kstest(p, "uniform").pvalue > 0.01


def test_conformal_p_value_counts_the_rows_at_least_as_surprising() -> None:
    p = conformal_p_values(np.array([-3.0, -1.0, -2.0, 0.0]), np.array([-2.0, -9.0]))
    np.testing.assert_allclose(p, [3 / 5, 1 / 5])


def test_tail_p_values_of_normal_rows_are_uniform() -> None:
    for seed, draw in enumerate((np.random.Generator.normal, np.random.Generator.gumbel)):
        scores = -draw(np.random.default_rng(seed), size=2000)
        assert kstest(tail_p_values(scores), "uniform").pvalue > 0.01


def test_tail_p_values_fall_as_scores_fall() -> None:
    scores = np.sort(-np.random.default_rng(0).exponential(size=300))
    assert (np.diff(tail_p_values(scores)) >= 0).all()


def test_flagged_rows_keep_the_false_discovery_rate() -> None:
    rng = np.random.default_rng(1)
    wrong, power = [], []
    for _ in range(40):
        scores = -rng.chisquare(5, size=1000)
        scores[:50] -= 25
        flagged = benjamini_hochberg(tail_p_values(scores), 0.1)
        wrong.append(flagged[50:].sum() / max(flagged.sum(), 1))
        power.append(flagged[:50].mean())
    assert np.mean(wrong) < 0.1 + 2 * np.std(wrong) / np.sqrt(40)
    assert np.mean(power) > 0.5


def test_benjamini_hochberg_agrees_with_the_example_of_its_paper() -> None:
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459])
    p = np.append(p, [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0])
    assert benjamini_hochberg(p, 0.05).sum() == 4
