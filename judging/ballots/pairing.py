"""Which two a judge compares next, while an expo runs."""

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
    entry = {submission.pk: place for place, submission in enumerate(inputs.submissions)}
    mine = Comparison.objects.filter(event=event, judge=user).values_list("one", "other")
    pair = next_pair(
        ranking,
        code.get(user.pk),
        allowed=pairs.allowed[:, pairs.judges.index(user)],
        seen=ranking.reviews + np.bincount(
            [entry[pk] for row in inputs.answers for pk in row[1:]], minlength=len(entry)
        ),
        answered=[(entry[a], entry[b]) for a, b in mine if a in entry and b in entry],
    )  # fmt: skip
    if pair is None:
        return None
    chosen = sorted((inputs.submissions[place] for place in pair), key=_walk(event))
    return chosen[0], chosen[1]


def _walk(event: Event):  # type: ignore[no-untyped-def]
    spots = dict(Spot.objects.filter(submission__event=event).values_list("submission", "number"))
    return lambda submission: (spots.get(submission.pk, 0), submission.title)


def answered(user: Viewer, event: Event) -> int:
    return Comparison.objects.filter(event=event, judge_id=user.pk).count()
