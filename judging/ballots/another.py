"""Sending judges where their next review settles most, while judging runs."""

from dataclasses import replace

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.ballots import rules
from judging.ballots.models import Ballot
from judging.ballots.tally import Inputs, gather
from judging.panel import actions as panel
from judging.panel.balance import Flags
from judging.panel.conflicts import note_found
from judging.panel.models import Assignment, panel_of
from judging.panel.pairs import Pairs, read_pairs
from judging.ranking import Choice, fit_ranking, next_best
from theme.refusal import Refused


@transaction.atomic
def ask_for_another(user: User, event: Event) -> Assignment:
    """Gives a judge the submission whose next review is expected to settle most of the podium.

    Judges who ask at once wait for each other, so each is sent by what the others were sent.
    """
    panel.lock(event)
    if not rules.can_ask_for_another(user, event):
        raise Refused(
            _("There is enough on your desk for now, or judging is closed."), code="another.not_now"
        )
    note_found(user, event)
    pairs = read_pairs(event)
    pending, cap = under_way(event, pairs).sum(axis=1), panel_of(event).cap
    choice = _choose(user, gather(event), pairs, pending, cap)
    if choice is None:
        raise Refused(
            _("There is nothing left for you to read: you have it all, or others have."),
            code="another.nothing",
        )
    reason = Assignment.Reason(choice.cause)
    return panel.send(user, pairs.submissions[choice.entry], judge=user, reason=reason)


def _choose(
    user: User, inputs: Inputs, pairs: Pairs, pending: np.ndarray, cap: int
) -> Choice | None:
    columns, options = inputs.arrays()
    codes = {judge.pk: code for code, judge in enumerate(inputs.judges)}
    row = pairs.rows([entrant.submission for entrant in inputs.entrants])
    choice = next_best(
        fit_ranking(*columns, **options),
        codes.get(user.pk),
        allowed=pairs.free[row, pairs.judges.index(user)],
        pending=pending[row],
        cap=cap,
    )
    return choice and replace(choice, entry=int(row[choice.entry]))


def under_way(event: Event, pairs: Pairs) -> Flags:
    """What is assigned and not submitted, (submissions, judges)."""
    counted = Ballot.objects.counted().filter(assignment__submission__event=event)
    done = set(counted.values_list("assignment__submission", "assignment__judge"))
    found = pairs.assigned.copy()
    for row, column in np.argwhere(pairs.assigned):
        found[row, column] = (pairs.submissions[row].pk, pairs.judges[column].pk) not in done
    return found
