"""Plain NumPy and SciPy statistics of judging: imports no Django."""

from judging.ranking.close_calls import CloseCall, close_calls
from judging.ranking.next_pair import next_pair
from judging.ranking.next_review import Choice, next_best
from judging.ranking.ranking import Ranking, fit_ranking
from judging.ranking.reviews import Reviews, read_reviews
from judging.ranking.simple import median, raw_mean, z_score
from judging.ranking.surprises import Surprise, surprises

# Grows when the same ballots give other figures than before.
VERSION = 5

__all__ = [
    "VERSION",
    "Choice",
    "CloseCall",
    "Ranking",
    "Reviews",
    "Surprise",
    "close_calls",
    "fit_ranking",
    "median",
    "next_best",
    "next_pair",
    "raw_mean",
    "read_reviews",
    "surprises",
    "z_score",
]
