"""What each judge of one submission gave, and what it counted for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accounts.models import User
from judging.ranking import Ranking, Reviews


@dataclass(frozen=True)
class Heard:
    """What one judge gave, how strict he is, as seen on how many other submissions, and how much
    his score weighs beside the others' of the same submission (shares)."""

    judge: User
    given: float
    severity: float
    seen_on: int
    weight: float

    @property
    def fair(self) -> float:
        """What an average judge would have given."""
        return self.given + self.severity


def heard_of(ranking: Ranking, reviews: Reviews, judges: Sequence[User], code: int) -> list[Heard]:
    """Each score with what is known of who gave it, the weightiest first."""
    here = np.flatnonzero(reviews.entry == code)
    weight = ranking.scale[reviews.judge] ** 2 / ranking.noise[reviews.judge] ** 2
    total = max(float(weight[here].sum()), 1e-12)
    load = np.bincount(reviews.judge, minlength=reviews.judges)
    found = [
        Heard(
            judge=judges[reviews.judge[row]],
            given=float(reviews.score[row]),
            severity=float(ranking.severity[reviews.judge[row]]),
            seen_on=int(load[reviews.judge[row]]) - 1,
            weight=float(weight[row]) / total,
        )
        for row in here
    ]
    return sorted(found, key=lambda heard: -heard.weight)
