"""Special prizes: by decision, or by votes."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Track
from judging.awards import rules
from judging.awards.models import Prize
from judging.panel.rules import has_interest
from notices.actions import record
from submissions.entries.models import Submission
from submissions.programme.voting import Counted, tally
from theme.refusal import Refused

State = Submission.State


def _refuse_unless_deciding(user: User, event: Event) -> None:
    if not rules.can_see_ranking(user, event):
        raise Refused(_("Only organizers decide about prizes."), code="awards.not_yours")
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if rules.is_published(event):
        raise Refused(
            _("The results are published, so the prizes stay as they are."), code="awards.published"
        )


@transaction.atomic
def set_prize(user: User, event: Event, *, name: str, **told: Any) -> Prize:
    """Adds a prize or changes the one of that name. Who has work in a track or another interest
    there does not give a prize to it; by votes, `submission` is left out and counted."""
    _refuse_unless_deciding(user, event)
    prize = event.prizes.filter(name=name).first() or Prize(event=event, name=name)
    for field, value in told.items():
        setattr(prize, field, value)
    if prize.by == Prize.By.VOTES:
        prize.submission = most_votes(event, prize.track)
    _refuse_odd_winner(user, prize)
    try:
        with transaction.atomic():
            prize.save()
    except IntegrityError:
        raise Refused(_("A prize of that name exists already."), code="prize.name") from None
    record(user, "set_prize", prize, submission=str(prize.submission_id or ""), reason=prize.reason)
    return prize


def _refuse_odd_winner(user: User, prize: Prize) -> None:
    winner = prize.submission
    if winner is None:
        return
    elsewhere = prize.track is not None and prize.track not in winner.categories
    if elsewhere or winner.event_id != prize.event_id or winner.state != State.SUBMITTED:
        raise Refused(
            _("That submission is not handed in here, or in another category."),
            code="awards.foreign_submission",
        )
    if prize.by == Prize.By.DECISION and has_interest(user, winner.track):
        raise Refused(
            _("You have an interest in %(track)s.") % {"track": winner.track},
            code="awards.not_yours",
        )


@transaction.atomic
def remove_prize(user: User, prize: Prize) -> None:
    _refuse_unless_deciding(user, prize.event)
    record(user, "remove_prize", prize, name=prize.name)
    prize.delete()


def most_votes(event: Event, track: Track | None = None) -> Submission | None:
    """Whose poster, of this category or of all, has the most votes of those who came
    (`programme.voting`); None before the first vote, where two have as many, and for a poster that
    was never handed in."""
    found = tally(event)
    rows = [found.get(track, [])] if track else found.values()
    counted = sorted((one for votes in rows for one in votes), key=_votes)
    tied = len(counted) > 1 and counted[-1].votes == counted[-2].votes
    return None if tied or not counted else counted[-1].poster.submission


def _votes(counted: Counted) -> int:
    return counted.votes
