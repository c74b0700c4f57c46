import numpy as np
import pytest

from judging.ranking import median, raw_mean, read_reviews, z_score


@pytest.fixture
def reviews():
    # Judge 1 is stricter by two; entry 3 has no review.
    return read_reviews(
        [0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2], [5, 4, 3, 3, 2, 1], track=[0, 0, 0, 0]
    )


def test_raw_mean_is_the_mean_and_unknown_without_reviews(reviews):
    assert raw_mean(reviews) == pytest.approx([4, 3, 2, np.nan], nan_ok=True)


def test_median_ignores_one_outlier():
    reviews = read_reviews([0, 1, 2], [0, 0, 0], [4, 4, 1])
    assert median(reviews) == pytest.approx([4])


def test_z_score_takes_a_judges_severity_away(reviews):
    step = np.sqrt(1.5)
    assert z_score(reviews) == pytest.approx([step, 0, -step, np.nan], nan_ok=True)


def test_z_score_of_a_judge_who_gives_all_the_same_is_zero():
    assert z_score(read_reviews([0, 0], [0, 1], [3, 3])) == pytest.approx([0, 0])


def test_criteria_are_weighed_into_one_review():
    reviews = read_reviews([0, 0], [0, 0], [5, 1], criterion=[0, 1], weight=[3, 1])
    assert reviews.score == pytest.approx([4])
    assert reviews.spread == pytest.approx([1])


def test_review_with_gaps_is_worth_less():
    judge, entry, criterion = [0, 0, 1], [0, 0, 0], [0, 1, 0]
    reviews = read_reviews(judge, entry, [3, 3, 3], criterion=criterion)
    assert reviews.spread == pytest.approx([1, 1.5])
