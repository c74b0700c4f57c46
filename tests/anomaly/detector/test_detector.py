from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import kstest, multivariate_normal, spearmanr
from sklearn.metrics import roc_auc_score
from sklearn.utils.estimator_checks import parametrize_with_checks
from torch.distributions import Normal

from anomaly.detector import AutoencoderDetector, VAEDetector
from anomaly.detector.calibrate import benjamini_hochberg, conformal_p_values, tail_p_values

BOTH = pytest.mark.parametrize("detector", [VAEDetector, AutoencoderDetector])


@parametrize_with_checks([VAEDetector(steps=20), AutoencoderDetector(steps=20)])
def test_estimator_keeps_the_contract_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def plane(n: int, seed: int, columns: int = 5) -> NDArray[np.float64]:
    """Columns that two hidden causes explain, but for a little noise."""
    rng = np.random.default_rng(seed)
    loadings = np.random.default_rng(7).normal(size=(2, columns))
    return rng.normal(size=(n, 2)) @ loadings + 0.3 * rng.normal(size=(n, columns))


def linked(n: int, seed: int) -> NDArray[np.float64]:
    """Independent columns, but the second follows the first."""
    x = np.random.default_rng(seed).normal(size=(n, 6))
    x[:, 1] = x[:, 0] + 0.1 * x[:, 1]
    return x


def test_ranking_of_a_linear_gaussian_table_is_that_of_its_density() -> None:
    fitted, fresh = plane(2000, seed=0), plane(500, seed=1)
    fresh[::2] += np.random.default_rng(2).normal(size=fresh[::2].shape)  # off the plane
    loadings = np.random.default_rng(7).normal(size=(2, 5))
    density = multivariate_normal(np.zeros(5), loadings.T @ loadings + 0.09 * np.eye(5))
    score = VAEDetector(steps=600).fit(fitted).score_samples(fresh)
    assert spearmanr(score, density.logpdf(fresh)).statistic > 0.9


@BOTH
def test_planted_anomalies_are_the_least_likely_rows(detector: type[VAEDetector]) -> None:
    x = plane(500, seed=0)
    x[:10] = np.random.default_rng(3).normal(scale=6.0, size=(10, 5))
    fitted = detector().fit(x)
    truth = np.arange(500) < 10
    assert roc_auc_score(truth, -fitted.training_scores_) > 0.97
    assert roc_auc_score(truth, -fitted.score_samples(x)) > 0.97


@BOTH
def test_same_seed_gives_the_same_scores(detector: type[VAEDetector]) -> None:
    x = plane(200, seed=0)
    first, second, other = (detector(steps=40, random_state=s).fit(x) for s in (3, 3, 4))
    np.testing.assert_array_equal(first.training_scores_, second.training_scores_)
    np.testing.assert_array_equal(first.score_samples(x), second.score_samples(x))
    assert not np.array_equal(first.score_samples(x), other.score_samples(x))


@BOTH
def test_saved_detector_gives_the_same_answers(detector: type[VAEDetector], tmp_path: Path) -> None:
    table = pl.DataFrame(plane(200, seed=0)).with_columns(shop=pl.Series(["a", "b", "a", "c"] * 50))
    fitted = detector(steps=40).fit(table)
    fitted.save(tmp_path / "model.safetensors")
    loaded = detector.load(tmp_path / "model.safetensors")
    for method in ("score_samples", "predict", "p_value", "explain"):
        np.testing.assert_array_equal(
            getattr(loaded, method)(table), getattr(fitted, method)(table)
        )


def test_load_refuses_the_other_detector(tmp_path: Path) -> None:
    VAEDetector(steps=5).fit(plane(50, seed=0)).save(tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="holds a VAEDetector"):
        AutoencoderDetector.load(tmp_path / "model.safetensors")


def test_log_probability_is_that_of_algorithm_4() -> None:
    """Encode, draw, decode, average how likely the row is: by torch's own distributions."""
    x = np.random.default_rng(0).normal(size=(60, 3))
    detector = VAEDetector(steps=30).fit(x)
    model, encoded = detector.model_, detector._encode(x)
    rows = encoded.expand(model.members, *encoded.shape)
    with torch.no_grad():
        q = Normal(*(part if i == 0 else part.exp() for i, part in enumerate(model.encode(rows))))
        likely = torch.zeros(model.members, len(x))
        for epsilon in detector.evidence_.noise:
            decoded = model.decode(q.mean + q.stddev * epsilon)
            p = Normal(decoded[..., :3], model.sd(decoded))
            likely += p.log_prob(rows).sum(-1) / len(detector.evidence_.noise)
    truth = likely.mean(0).numpy()
    np.testing.assert_allclose(detector.log_probability(x), truth, rtol=1e-4)


def test_each_row_is_scored_by_members_that_did_not_train_on_it() -> None:
    fitted = VAEDetector(steps=5).fit(plane(101, seed=0))
    rows = fitted._rows_to_learn_from(torch.Generator().manual_seed(0))
    for member, fold in enumerate(fitted._held_out):
        assert not (fitted.fold_[rows[member]] == fold).any()
    assert set(fitted.fold_) == set(fitted._held_out) == {0, 1}


def test_row_fitted_on_keeps_its_training_score_however_it_is_asked() -> None:
    """So a table scored in parts, or by a loaded detector, is scored as it is whole."""
    x = plane(300, seed=0)
    x[7] = x[8]
    fitted = VAEDetector(steps=40).fit(x)
    expected = fitted.training_scores_.copy()
    expected[8] = expected[7]  # one content, one score
    np.testing.assert_array_equal(fitted.score_samples(x), expected)
    parts = [fitted.score_samples(part, novelty=False) for part in np.array_split(x[::-1], 7)]
    np.testing.assert_array_equal(np.concatenate(parts), expected[::-1])


def test_rows_of_the_same_table_are_not_vouched_for_by_anomalies_fitted_on() -> None:
    """Twenty anomalies in one place, half of them fitted on; the other half stands beside these."""
    x = plane(500, seed=0)
    x[:20] = 6 + 0.1 * np.random.default_rng(3).normal(size=(20, 5))
    fitted = VAEDetector().fit(x[10:])
    fresh = np.concatenate([x[:10], plane(200, seed=5)])
    truth = np.arange(210) < 10
    as_new, as_suspect = (-fitted.score_samples(fresh, novelty=n) for n in (True, False))
    assert roc_auc_score(truth, as_suspect) > 0.99
    assert roc_auc_score(truth, as_suspect) > roc_auc_score(truth, as_new)


def test_missing_cells_neither_help_nor_hurt() -> None:
    x = plane(1000, seed=0)
    fitted = VAEDetector().fit(x)
    gaps = x.copy()
    gaps[np.random.default_rng(0).random(x.shape) < 0.2] = np.nan
    whole, holey = fitted.score_samples(x), fitted.score_samples(gaps)
    assert abs(np.median(whole) - np.median(holey)) < 0.5 * whole.std()
    assert np.isfinite(fitted.score_samples(np.full((1, 5), np.nan))).all()


def test_wild_values_are_anomalous_and_do_not_spoil_the_rest() -> None:
    x = plane(500, seed=0)
    x[0, 0], x[1, 1], x[2, 2] = 1e300, np.inf, -np.inf
    scores = VAEDetector().fit(x).training_scores_
    assert set(np.argsort(scores)[:3]) == {0, 1, 2}
    assert scores[3:].std() < 100


def test_rare_and_unseen_levels_are_unlikely() -> None:
    table = pl.DataFrame({"x": plane(400, seed=0)[:, 0], "shop": ["a", "b"] * 200})
    fitted = VAEDetector().fit(table)
    shops = fitted.score_samples(pl.DataFrame({"x": [0.0, 0.0], "shop": ["a", "never seen"]}))
    assert shops[1] < shops[0] - 2


def test_broken_links_are_flagged_though_distances_do_not_see_them() -> None:
    """At the stated rate: the log-probability has a say of its own."""
    x, truth = plane(1000, seed=0, columns=10), np.arange(1000) < 30
    x[:, 9] = x[:, 8] + 0.1 * np.random.default_rng(1).normal(size=1000)
    x[:30, 9] += 3.0 * x[:, 8].std() * np.random.default_rng(2).choice([-1, 1], 30)
    fitted = VAEDetector().fit(x)
    flagged = benjamini_hochberg(fitted.training_p_values_, 0.1)
    assert flagged[truth].mean() > 0.8
    assert flagged[~truth].sum() / flagged.sum() < 0.2
    by_score_alone = tail_p_values(np.sinh(fitted.training_scores_))
    assert benjamini_hochberg(by_score_alone, 0.1)[truth].mean() < 0.5


@BOTH
def test_constant_columns_and_equal_rows_of_an_array_are_scored(
    detector: type[VAEDetector],
) -> None:
    """A table is refused for them, by name; an array has no names, and says nothing odd."""
    x = plane(200, seed=0)
    x[:, 2] = 7.0
    scores = detector(steps=40).fit(x).score_samples(x)
    assert np.isfinite(scores).all()
    same = detector(steps=40).fit(np.ones((60, 3))).training_scores_
    assert np.isfinite(same).all()
    assert np.ptp(same) < 1.0


def test_two_values_are_levels_in_a_table_and_numbers_in_an_array() -> None:
    """A table is profiled (`reading.profile`); an array of floats is taken at its word."""
    x = plane(200, seed=0)
    x[:, 1] = np.where(x[:, 1] > 0, 2.7, -1.5)
    of_table = VAEDetector(steps=5).fit(pl.DataFrame(x))
    of_array = VAEDetector(steps=5).fit(x)
    assert [c.kind for c in of_table.columns_.columns].count("binary") == 1
    assert {c.kind for c in of_array.columns_.columns} == {"numeric"}


def test_explanation_names_the_column_at_fault() -> None:
    x = plane(1000, seed=0, columns=10)
    rows = np.arange(30)
    at_fault = rows % 10
    x[rows, at_fault] += 6 * x.std(axis=0)[at_fault]
    shares = VAEDetector().fit(x).explain(x[rows])
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert np.mean(shares.argmax(axis=1) == at_fault) >= 0.95


def test_explanation_of_a_broken_link_names_one_of_its_columns() -> None:
    x = linked(1000, seed=0)
    rows = np.arange(30)
    x[rows, 1] = np.random.default_rng(1).permutation(x[:, 0])[:30]
    first = VAEDetector().fit(x).explain(x[rows]).argmax(axis=1)
    broken = np.abs(x[rows, 1] - x[rows, 0]) > x[:, 0].std()
    assert broken.sum() > 5
    assert np.mean(first[broken] <= 1) >= 0.9


def test_p_values_of_new_normal_rows_are_uniform() -> None:
    p = VAEDetector().fit(plane(2000, seed=0)).p_value(plane(400, seed=1))
    assert kstest(p, "uniform").pvalue > 0.01


def test_p_values_of_rows_the_members_saw_would_not_be_uniform() -> None:
    """The control of the test above: scores of rows learnt by heart are no yardstick."""
    fitted = VAEDetector(steps=600).fit(plane(60, seed=0, columns=20))
    seen = fitted.log_probability(plane(60, seed=0, columns=20))
    fresh = fitted.log_probability(plane(400, seed=1, columns=20))
    assert kstest(conformal_p_values(seen, fresh), "uniform").pvalue < 0.01
