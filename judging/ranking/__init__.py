"""Plain NumPy and SciPy statistics of judging: imports no Django."""

from judging.ranking.close_calls import CloseCall, close_calls
from judging.ranking.next_review import Choice, next_best
from judging.ranking.ranking import Ranking, fit_ranking
from judging.ranking.reviews import Reviews, read_reviews
from judging.ranking.simple import median, raw_mean, z_score

__all__ = [
    "Choice",
    "CloseCall",
    "Ranking",
    "Reviews",
    "close_calls",
    "fit_ranking",
    "median",
    "next_best",
    "raw_mean",
    "read_reviews",
    "z_score",
]
