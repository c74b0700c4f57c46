import numpy as np
import pytest

from judging.panel.balance import balance
from judging.panel.connect import connect, groups


def panels(count, size, judges):
    """Each panel of judges has so many submissions of its own: nobody links them."""
    return np.kron(np.eye(count, dtype=bool), np.ones((size, judges), dtype=bool))


def reviewing_groups(pairs):
    _entries, judges = groups(pairs)
    return len(np.unique(judges[judges >= 0]))


def test_separate_panels_are_linked_by_swaps_and_loads_stay():
    new = panels(3, 4, 2)
    assert reviewing_groups(new) == 3  # negative control
    mended = connect(new, np.ones_like(new), np.zeros_like(new))
    assert reviewing_groups(mended) == 1
    assert list(mended.sum(axis=1)) == list(new.sum(axis=1))
    assert list(mended.sum(axis=0)) == list(new.sum(axis=0))


def test_one_review_each_is_linked_by_as_few_reviews_more_as_can_be():
    """No swap can do it: with one review a submission, judges never meet."""
    new = balance(np.ones((12, 4), bool), np.zeros((12, 4), bool), each=1)
    mended = connect(new, np.ones_like(new), np.zeros_like(new))
    assert reviewing_groups(mended) == 1
    assert mended.sum() == 12 + 3
    assert np.all(mended >= new)


def test_what_is_assigned_already_stays():
    assigned = panels(2, 3, 2)
    new = connect(np.zeros_like(assigned), np.ones_like(assigned), assigned)
    assert reviewing_groups(assigned | new) == 1
    assert not np.any(assigned & new)
    assert new.sum() == 1


def test_conflicts_are_kept_out():
    new, allowed = panels(2, 3, 2), np.ones((6, 4), bool)
    allowed[:3, 2:] = False
    allowed[3:, :2] = False
    allowed[0, 2] = True  # the only way over: a review more
    mended = connect(new, allowed, np.zeros_like(new))
    assert reviewing_groups(mended) == 1
    assert not np.any(mended & ~allowed)
    assert mended.sum() == new.sum() + 1


def test_judge_without_reviews_links_groups_that_nobody_else_may():
    new, allowed = panels(2, 3, 2), np.ones((6, 5), bool)
    new = np.column_stack([new, np.zeros(6, bool)])
    allowed[:3, 2:4] = allowed[3:, :2] = False
    mended = connect(new, allowed, np.zeros_like(new))
    assert reviewing_groups(mended) == 1
    assert mended[:, 4].sum() == 2


def test_groups_that_conflicts_keep_apart_stay_apart():
    new = panels(2, 3, 2)
    mended = connect(new, new, np.zeros_like(new))
    assert np.array_equal(mended, new)
    assert reviewing_groups(mended) == 2


def test_judges_without_reviews_do_not_count():
    new = np.array([[True, True, False], [True, True, False]])
    assert np.array_equal(connect(new, np.ones_like(new), np.zeros_like(new)), new)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_conflicts_the_outcome_is_connected_when_the_allowed_pairs_are(seed):
    rng = np.random.default_rng(seed)
    n, judges, each = rng.integers(3, 15), rng.integers(2, 8), int(rng.integers(1, 4))
    allowed = rng.random((n, judges)) < rng.uniform(0.3, 1)
    assigned = allowed & (rng.random((n, judges)) < 0.1)
    new = balance(allowed, assigned, each=each, seed=seed)
    mended = connect(new, allowed, assigned)
    both = mended | assigned
    assert not np.any(mended & (~allowed | assigned))
    assert np.all(both.sum(axis=1) >= (new | assigned).sum(axis=1))
    # As connected as the pairs without a conflict; groups without a review cannot be told.
    assert reviewing_groups(both) == reviewing_groups(allowed)
