"""What others make of the same reviews: each takes what `fit_ranking` takes, answers a value (n,).

Own code of published methods: the mixed model with one severity a judge (EBLUP, Robinson 1991;
variances by EM), Crowd-BT (X. Chen and others, "Pairwise Ranking Aggregation in a Crowdsourced
Setting", WSDM 2013) on the comparisons that the same reading gives, Borda's rank aggregation.
Bradley-Terry is choix's.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from judging.ranking import median, raw_mean, read_reviews, z_score
from judging.ranking.reviews import Reviews

try:
    import choix  # a peer to measure against, not a dependency
except ImportError:
    choix = None


def plain(estimator):
    def estimate(ballots: dict) -> np.ndarray:
        found = estimator(read_reviews(**ballots))
        return np.where(np.isnan(found), np.nanmean(found), found)

    return estimate


def mixed_model(ballots: dict, steps: int = 30) -> np.ndarray:
    """y = mu + theta_i + b_j + e, shrunken effects; EM for the three variances."""
    reviews = read_reviews(**ballots)
    entry, judge, n, size = reviews.entry, reviews.judge, reviews.entries, reviews.judges
    y = reviews.score - reviews.score.mean()
    design = np.zeros((len(y), n + size))
    design[np.arange(len(y)), entry] = design[np.arange(len(y)), n + judge] = 1
    square, right = design.T @ design, design.T @ y
    quality = severity = noise = y.var() / 3
    for _ in range(steps):
        prior = np.r_[np.full(n, noise / quality), np.full(size, noise / severity)]
        inverse = np.linalg.inv(square + np.diag(prior))
        effect = inverse @ right
        spread = noise * np.diag(inverse)
        quality = np.mean(effect[:n] ** 2 + spread[:n])
        severity = np.mean(effect[n:] ** 2 + spread[n:])
        noise = y @ (y - design @ effect) / len(y)
    return effect[:n]


def by_judge_and_track(reviews: Reviews):
    """(entries, scores) of each judge in each track."""
    track = reviews.track[reviews.entry]
    for group in np.unique(np.column_stack([reviews.judge, track]), axis=0):
        mine = (reviews.judge == group[0]) & (track == group[1])
        yield int(group[0]), reviews.entry[mine], reviews.score[mine]


def bradley_terry(ballots: dict) -> np.ndarray:
    """What choix makes of "this one got more than that one", from each judge and track."""
    reviews = read_reviews(**ballots)
    won = []
    for _judge, entry, score in by_judge_and_track(reviews):
        better, worse = np.nonzero(score[:, None] > score[None, :] + 1e-9)
        won += list(zip(entry[better], entry[worse], strict=True))
    return choix.ilsr_pairwise(reviews.entries, won, alpha=0.1)


def borda(ballots: dict) -> np.ndarray:
    """Mean share of a judge's list, in the track, that an entry stands above."""
    reviews = read_reviews(**ballots)
    total, count = np.full(reviews.entries, 0.5), np.ones(reviews.entries)
    for _judge, entry, score in by_judge_and_track(reviews):
        above = (score[:, None] > score[None, :]).sum(1) + 0.5 * (score[:, None] == score).sum(1)
        total[entry] += above / len(entry)
        count[entry] += 1
    return total / count


def crowd_bt(ballots: dict, overall: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each judge says of each next project whether it is better than the one before (Gavel's way).

    Moment matching of the paper's section 4: mu, s2 of each entry, Beta(a, b) of each judge.
    """
    reviews = read_reviews(**ballots)
    mu, s2 = np.zeros(reviews.entries), np.ones(reviews.entries)
    a, b = np.full(reviews.judges, 10.0), np.full(reviews.judges, 1.0)
    for judge, entries, _score in by_judge_and_track(reviews):
        walk = rng.permutation(entries)
        for one, other in pairwise(walk):
            better = overall[one, judge] > overall[other, judge]
            winner, loser = (one, other) if better else (other, one)
            _crowd_bt_update(mu, s2, a, b, judge, winner, loser)
    return mu


def _crowd_bt_update(mu, s2, a, b, judge: int, winner: int, loser: int) -> None:
    """One answer; in place."""
    high = np.maximum(mu[winner], mu[loser])
    win, lose = np.exp(mu[winner] - high), np.exp(mu[loser] - high)
    p = win / (win + lose)
    said = a[judge] * win / (a[judge] * win + b[judge] * lose)
    step = said - p
    bend = a[judge] * win * b[judge] * lose / (a[judge] * win + b[judge] * lose) ** 2 - p * (1 - p)
    # How likely the answer is, averaged over the gap's own uncertainty, and the judge's honesty.
    likely = np.clip(p + 0.5 * (s2[winner] + s2[loser]) * p * (1 - p) * (1 - 2 * p), 1e-6, 1 - 1e-6)
    total = a[judge] + b[judge]
    first = (a[judge] * likely + b[judge] * (1 - likely)) / total
    mean = (likely * (a[judge] + 1) * a[judge] + (1 - likely) * a[judge] * b[judge]) / (
        first * total * (total + 1)
    )
    squared = (
        likely * (a[judge] + 2) * (a[judge] + 1) * a[judge]
        + (1 - likely) * (a[judge] + 1) * a[judge] * b[judge]
    ) / (first * total * (total + 1) * (total + 2))
    mu[winner] += s2[winner] * step
    mu[loser] -= s2[loser] * step
    s2[winner] *= max(1 + s2[winner] * bend, 1e-4)
    s2[loser] *= max(1 + s2[loser] * bend, 1e-4)
    spread = max(squared - mean**2, 1e-9)
    a[judge], b[judge] = mean * (mean - squared) / spread, (1 - mean) * (mean - squared) / spread


PEERS = {
    "raw mean": plain(raw_mean),
    "median": plain(median),
    "z-score per judge": plain(z_score),
    "mixed model, severity only": mixed_model,
    "rank aggregation (Borda)": borda,
}
if choix:
    PEERS["Bradley-Terry (choix)"] = bradley_terry
