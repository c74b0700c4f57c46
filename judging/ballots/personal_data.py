"""Of a judge: marks and comments stay, results and authors depend on them; private notes go."""

from typing import Any

from accounts.models import User
from judging.ballots.models import Ballot


def collect(user: User) -> list[dict[str, Any]]:
    ballots = Ballot.objects.filter(assignment__judge=user).prefetch_related("scores__criterion")
    return [
        {
            "submission": str(ballot.assignment.submission_id),
            "comment": ballot.comment,
            "private_note": ballot.private_note,
            "scores": {score.criterion.name: score.value for score in ballot.scores.all()},
        }
        for ballot in ballots.select_related("assignment")
    ]


def erase(user: User) -> None:
    Ballot.objects.filter(assignment__judge=user).update(private_note="")
