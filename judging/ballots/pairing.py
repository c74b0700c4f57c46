"""Which two a judge compares next, while an expo runs."""

from itertools import product

import numpy as np
from django.utils.translation import gettext as _

from accounts.models import User, Viewer
from events.models import Event
from judging.ballots import rules
from judging.ballots.models import Comparison
from judging.ballots.tally import gather
from judging.panel.models import Spot
from judging.panel.pairs import read_pairs
from judging.ranking import fit_ranking, next_pair
from submissions.entries.models import Submission
from theme.refusal import Refused


def pick_pair(user: User, event: Event) -> tuple[Submission, Submission] | None:
    """The two whose comparison is expected to settle most, in the order one walks; None when this
    judge has compared all that matter."""
    if not rules.can_compare(user, event):
        raise Refused(_("Comparing is closed."), code="judging.closed")
    inputs, pairs = gather(event), read_pairs(event)
    columns, options = inputs.arrays()
    ranking = fit_ranking(*columns, **options)
    code = {judge.pk: place for place, judge in enumerate(inputs.judges)}
    mine = Comparison.objects.filter(event=event, judge=user).values_list("one", "other")
    whose = [entrant.submission for entrant in inputs.entrants]
    pair = next_pair(
        ranking,
        code.get(user.pk),
        allowed=pairs.allowed[pairs.rows(whose), pairs.judges.index(user)],
        seen=ranking.reviews + np.bincount(
            np.r_[options["winner"], options["loser"]], minlength=len(whose)
        ),
        answered=[
            pair for one, other in mine
            for pair in product(inputs.codes.get(one, ()), inputs.codes.get(other, ()))
        ],
    )  # fmt: skip
    if pair is None:
        return None
    chosen = sorted((whose[place] for place in pair), key=_walk(event))
    return chosen[0], chosen[1]


def _walk(event: Event):  # type: ignore[no-untyped-def]
    spots = dict(Spot.objects.filter(submission__event=event).values_list("submission", "number"))
    return lambda submission: (spots.get(submission.pk, 0), submission.title)


def answered(user: Viewer, event: Event) -> int:
    return Comparison.objects.filter(event=event, judge_id=user.pk).count()
