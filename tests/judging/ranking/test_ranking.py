"""The ranking against mathematics: what any sound estimator must do, and small simulations."""

import numpy as np
import pytest

from judging.ranking import fit_ranking


def _additive(quality, severity, noise, rng, reviews):
    """(judge, entry, score): each entry seen by so many random judges."""
    n, judges = len(quality), len(severity)
    entry = np.repeat(np.arange(n), reviews)
    judge = np.concatenate([rng.permutation(judges)[:reviews] for _ in range(n)])
    score = quality[entry] - severity[judge] + noise * rng.normal(size=len(entry))
    return judge, entry, score


def test_complete_panel_with_equal_noise_gives_the_order_of_the_means():
    # Each judge's errors are a cyclic shift of the same numbers: equal noise by construction.
    errors = np.array([0.5, -0.3, 0.1, -0.4, 0.1, 0.0])
    quality = np.array([3.0, 1.0, 4.0, 2.5, 5.0, 3.6])
    table = np.array([quality + np.roll(errors, shift) for shift in range(6)])
    judge, entry = np.indices(table.shape)
    ranking = fit_ranking(judge.ravel(), entry.ravel(), table.ravel())
    assert list(np.argsort(ranking.mean)) == list(np.argsort(table.mean(axis=0)))


def test_strict_judge_is_found_and_the_entries_he_saw_are_corrected():
    rng = np.random.default_rng(1)
    severity = np.array([1.5, 0, 0, 0, 0, 0])
    judge, entry, score = _additive(rng.normal(3, 0.5, 60), severity, 0.3, rng, reviews=2)
    ranking = fit_ranking(judge, entry, score)
    assert np.argmax(ranking.severity) == 0
    others = np.delete(ranking.severity, 0).mean()
    assert ranking.severity[0] - others == pytest.approx(1.5, abs=0.25)
    seen = entry[judge == 0]
    raw = np.bincount(entry, score) / 2
    assert np.all(ranking.mean[seen] > raw[seen])


def test_noisy_judge_is_found_and_counts_less():
    rng = np.random.default_rng(2)
    quality = rng.normal(3, 1, 50)
    table = quality + rng.normal(size=(5, 50)) * np.array([[2.0], [0.3], [0.3], [0.3], [0.3]])
    judge, entry = np.indices(table.shape)
    ranking = fit_ranking(judge.ravel(), entry.ravel(), table.ravel())
    assert ranking.noise[0] > 3 * ranking.noise[1:].max()
    ours = np.corrcoef(ranking.mean, quality)[0, 1]
    assert ours > np.corrcoef(table.mean(axis=0), quality)[0, 1]


def test_judge_who_gives_all_the_same_is_called_careless():
    rng = np.random.default_rng(3)
    quality = rng.normal(3, 1, 60)
    table = quality + 0.4 * rng.normal(size=(6, 60))
    table[0] = 3 + 0.1 * rng.normal(size=60)
    judge, entry = np.indices(table.shape)
    ranking = fit_ranking(judge.ravel(), entry.ravel(), table.ravel())
    assert ranking.careless[0] > 0.95
    assert ranking.careless[1:].max() < 0.01


def test_intervals_hold_what_they_say():
    covered = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        quality = rng.normal(3, 0.6, 80)
        severity = rng.normal(0, 0.5, 15)
        judge, entry, score = _additive(quality, severity, 0.7, rng, reviews=4)
        ranking = fit_ranking(judge, entry, score)
        covered.append(np.mean((ranking.low < quality) & (quality < ranking.high)))
    assert 0.84 < np.mean(covered) < 0.95


def test_stated_chance_of_the_winner_is_how_often_he_wins():
    said, won = [], []
    track = np.repeat([0, 1, 2], 20)
    for seed in range(120):
        rng = np.random.default_rng(seed)
        quality = rng.normal(3, 0.6, 60)
        judge, entry, score = _additive(quality, rng.normal(0, 0.5, 12), 0.7, rng, reviews=4)
        ranking = fit_ranking(judge, entry, score, track=track)
        for members in (track == 0, track == 1, track == 2):
            best = np.argmax(ranking.mean[members])
            said.append(ranking.p_first[members][best])
            won.append(best == np.argmax(quality[members]))
    # 360 winners: the frequency has a standard error of 0.026.
    assert np.mean(said) == pytest.approx(np.mean(won), abs=0.06)


@pytest.mark.parametrize(("judges", "tails"), [(2, 6.0), (60, 3.2)])
def test_few_judges_make_far_tails_and_many_make_normal_ones(judges, tails):
    """Kurtosis of Student's t with judges + 4 degrees of freedom, 3 for a normal: 6, and 3.1."""
    rng = np.random.default_rng(8)
    judge, entry, score = _additive(rng.normal(3, 1, 60), np.zeros(judges), 0.5, rng, reviews=2)
    draws = fit_ranking(judge, entry, score).draws
    z = (draws - draws.mean(axis=0)) / draws.std(axis=0)
    assert np.mean(z**4) == pytest.approx(tails, rel=0.25 if judges == 2 else 0.08)


def test_chances_sum_to_the_places_in_each_track():
    rng = np.random.default_rng(4)
    track = np.repeat([0, 1, 2], [5, 7, 2])
    judge, entry, score = _additive(rng.normal(3, 1, 14), np.zeros(4), 0.5, rng, reviews=3)
    ranking = fit_ranking(judge, entry, score, track=track)
    assert np.bincount(track, ranking.p_first) == pytest.approx([1, 1, 1])
    assert np.bincount(track, ranking.p_top(3)) == pytest.approx([3, 3, 2])
    assert np.all(ranking.p_top(3) >= ranking.p_first)


def test_same_seed_gives_the_same_result():
    rng = np.random.default_rng(5)
    data = _additive(rng.normal(3, 1, 20), np.zeros(4), 0.5, rng, reviews=2)
    one, two = fit_ranking(*data, seed=7), fit_ranking(*data, seed=7)
    other = fit_ranking(*data, seed=8)
    assert np.array_equal(one.p_first, two.p_first)
    assert not np.array_equal(one.p_first, other.p_first)
    assert np.array_equal(one.mean, other.mean)


def test_weights_decide_between_two_that_win_one_criterion_each():
    judge = np.repeat(np.arange(4), 4)
    entry = np.tile([0, 0, 1, 1], 4)
    criterion = np.tile([0, 1, 0, 1], 4)
    score = np.tile([5, 1, 1, 5], 4)
    first = fit_ranking(judge, entry, score, criterion=criterion, weight=[3, 1])
    second = fit_ranking(judge, entry, score, criterion=criterion, weight=[1, 3])
    assert first.mean[0] > first.mean[1]
    assert second.mean[1] > second.mean[0]


def test_criterion_left_out_is_not_a_bad_mark():
    # Entry 0 lacks the generous criterion; a plain mean of its cells would put it last.
    rows = [(j, e, c, (3, 5)[c] + e * 0.0) for j in range(3) for e in range(4) for c in range(2)]
    rows = [row for row in rows if not (row[1] == 0 and row[2] == 1)]
    judge, entry, criterion, score = np.array(rows).T
    ranking = fit_ranking(judge, entry, score, criterion=criterion)
    assert ranking.mean == pytest.approx(np.full(4, 4.0), abs=1e-6)


def test_adding_a_constant_shifts_and_a_factor_stretches():
    rng = np.random.default_rng(6)
    judge, entry, score = _additive(rng.normal(3, 1, 15), np.zeros(3), 0.5, rng, reviews=2)
    plain, changed = fit_ranking(judge, entry, score), fit_ranking(judge, entry, 20 * score + 7)
    assert changed.mean == pytest.approx(20 * plain.mean + 7)
    assert changed.sd == pytest.approx(20 * plain.sd)
    assert changed.p_first == pytest.approx(plain.p_first)


def test_entry_without_reviews_gets_the_middle_and_the_widest_interval():
    rng = np.random.default_rng(7)
    judge, entry, score = _additive(rng.normal(3, 1, 20), np.zeros(4), 0.3, rng, reviews=3)
    ranking = fit_ranking(judge, entry, score, track=np.zeros(21, int))
    assert ranking.reviews[20] == 0
    assert ranking.mean[20] == pytest.approx(score.mean(), abs=0.3)
    assert ranking.sd[20] > 1.5 * ranking.sd[:20].max()


@pytest.mark.parametrize(
    ("judge", "entry", "score"),
    [
        ([], [], []),
        ([0], [0], [4]),
        ([0, 0], [0, 1], [4, 2]),
        ([0, 1], [0, 0], [4, 4]),
        ([0] * 3, [0, 1, 2], [3, 3, 3]),
        ([0, 0, 1, 1], [0, 1, 0, 1], [3, 3, 3, 3]),
    ],
)
def test_few_or_equal_scores_still_give_an_honest_answer(judge, entry, score):
    ranking = fit_ranking(judge, entry, score, track=[0, 0, 0])
    assert np.all(np.isfinite(ranking.mean))
    assert np.all(ranking.sd > 0)
    assert ranking.p_first.sum() == pytest.approx(1)
    assert ranking.p_first.max() < 0.97


def test_one_judge_alone_orders_by_his_scores():
    ranking = fit_ranking([0] * 5, range(5), [1, 4, 2, 5, 3])
    assert list(np.argsort(ranking.mean)) == [0, 2, 4, 1, 3]
    assert ranking.severity == pytest.approx([0])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"judge": [0, -1]}, "whole numbers from 0"),
        ({"judge": [0, 0.5]}, "whole numbers from 0"),
        ({"score": [1, np.nan]}, "finite"),
        ({"score": [1, np.inf]}, "finite"),
        ({"score": ["good", "bad"]}, "must hold numbers"),
        ({"score": [[1, 2]]}, "flat list"),
        ({"score": [1]}, "one length"),
        ({"criterion": [0, 1], "weight": [1]}, "criterion 1 is used"),
        ({"weight": [-1]}, "negative"),
        ({"weight": [0]}, "only zeros"),
        ({"track": [0]}, "entry 1 was judged"),
        ({"entry": [0, 0], "judge": [0, 0]}, "twice"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(change, sentence):
    given = {"judge": [0, 0], "entry": [0, 1], "score": [3, 4]} | change
    with pytest.raises(ValueError, match=sentence):
        fit_ranking(given.pop("judge"), given.pop("entry"), given.pop("score"), **given)


def test_p_top_refuses_no_places():
    with pytest.raises(ValueError, match="at least 1"):
        fit_ranking([0], [0], [1]).p_top(0)
