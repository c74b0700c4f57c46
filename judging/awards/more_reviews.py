"""Asking judges for the reviews that tell two neighbours in the ranking apart."""

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Track
from judging.awards import rules
from judging.awards.standings import Close, standings
from judging.ballots.another import under_way
from judging.ballots.rules import is_judging_open
from judging.panel import actions as panel
from judging.panel.models import Assignment
from judging.panel.pairs import Pairs, read_pairs
from theme.refusal import Refused


@transaction.atomic
def ask_for_reviews(
    user: User, event: Event, *, track: str, one: str, other: str
) -> list[Assignment]:
    """Sends two neighbours (ids of submissions) to as many judges as would settle their order.

    To judges without a conflict, with the least on their desks; reviews under way count.
    """
    place = event.tracks.filter(slug=track).first()
    if place is None or not rules.can_decide(user, place) or not is_judging_open(event):
        raise Refused(_("Reviews cannot be asked for here now."), code="reviews.not_now")
    panel.lock(event)
    close = _find(place, one, other)
    pairs = read_pairs(event)
    waiting = under_way(event, pairs)
    made = [
        panel.send(
            user, pairs.submissions[row], judge=pairs.judges[column], reason=Assignment.Reason.TIE
        )
        for row, column in _sends(close, pairs, waiting)
    ]
    if not made:
        raise Refused(
            _("These reviews are under way already, or no judge without a conflict is left."),
            code="reviews.nothing",
        )
    return made


def _find(track: Track, one: str, other: str) -> Close:
    """The close call, computed anew: what the page showed may be settled by now."""
    for close in standings(track.event).close:
        same = {str(close.one.pk), str(close.other.pk)} == {one, other}
        if same and close.rivals[0] == track.pk:
            return close
    raise Refused(_("These two can be told apart by now."), code="reviews.settled")


def _sends(close: Close, pairs: Pairs, waiting: np.ndarray) -> list[tuple[int, int]]:
    """(row, column) of each pair to assign: first judges who may read both, who compare best."""
    place = {submission.pk: row for row, submission in enumerate(pairs.submissions)}
    rows = [place[close.one.pk], place[close.other.pk]]
    load, both = waiting.sum(axis=0), np.asarray(pairs.allowed[rows].all(axis=0))
    found = []
    for row in rows:
        needed = max(close.call.reviews - int(waiting[row].sum()), 0)
        able = np.flatnonzero(pairs.free[row])
        order = able[np.lexsort((load[able], ~both[able]))]
        found += [(row, int(column)) for column in order[:needed]]
    return found
