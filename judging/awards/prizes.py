"""Special prizes: by decision, or by votes."""

from collections import Counter
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
from submissions.entries.votes import mailbox
from submissions.programme.models import Poster, Vote
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
    elsewhere = prize.track is not None and winner.track_id != prize.track.pk
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
    """Whose poster, of this category or of all, has the most votes of those who came; None before
    the first vote, where two have as many, and for a poster that was never handed in.

    A prize is worth stuffing the box: one voice a category for each mailbox, whatever accounts it
    has, and none for an address that was never confirmed (B70).
    """
    cast = Vote.objects.filter(event=event, user__emailaddress__verified=True)
    if track is not None:
        cast = cast.filter(track=track)
    heard: dict[tuple[int, str], Poster] = {}
    for vote in cast.select_related("user", "poster__submission").order_by("cast_at", "pk"):
        heard.setdefault((vote.track_id, mailbox(vote.user.email)), vote.poster)
    ranked = Counter(heard.values()).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0].submission
