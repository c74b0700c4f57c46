import numpy as np
import pytest

from judging.panel.balance import balance


def nothing(*shape):
    return np.zeros(shape, dtype=bool)


def test_every_submission_gets_its_reviews_and_loads_differ_by_one_at_most():
    new = balance(~nothing(106, 20), nothing(106, 20), each=4)
    assert set(new.sum(axis=1)) == {4}
    assert set(new.sum(axis=0)) == {21, 22}


def test_forbidden_pairs_are_never_made():
    allowed = np.random.default_rng(0).random((40, 8)) < 0.6
    new = balance(allowed, nothing(40, 8), each=3)
    assert not np.any(new & ~allowed)
    assert list(new.sum(axis=1)) == list(np.minimum(allowed.sum(axis=1), 3))


def test_what_stands_stays_and_counts():
    assigned = nothing(6, 3)
    assigned[:, 0] = True  # judge 0 has all six already
    new = balance(~nothing(6, 3), assigned, each=2)
    assert not new[:, 0].any()
    assert list(new.sum(axis=0)) == [0, 3, 3]


def test_judges_meet_each_other_in_one_connected_panel():
    new = balance(~nothing(30, 10), nothing(30, 10), each=2)
    together = (new.T.astype(int) @ new) > 0
    reached = np.linalg.matrix_power(together.astype(int), 10) > 0
    assert reached.all()


def test_same_seed_gives_the_same_assignment():
    one, two, other = (
        balance(~nothing(12, 4), nothing(12, 4), each=2, seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_nothing_free_gives_nothing():
    assert not balance(nothing(3, 2), nothing(3, 2), each=2).any()


def test_no_reviews_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        balance(~nothing(1, 1), nothing(1, 1), each=0)
