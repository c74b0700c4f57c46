"""The best posters by the vote of those who came (`programme.voting`): a prize in each category."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from events.models import Event, Track
from judging.awards import prizes
from judging.awards.models import Prize
from notices.actions import record
from submissions.programme.rules import is_vote_open, programme_of
from submissions.programme.voting import tally
from theme.refusal import Refused


@transaction.atomic
def award(user: User, event: Event) -> tuple[list[Prize], list[str]]:
    """(prizes, sentences): one for each category that has a clear first, and why others have none.

    Asked again it counts again. Raises Refused while the vote is open.
    """
    refuse_open_vote(event)
    made, left = [], []
    for track, counted in tally(event).items():
        first = [one for one in counted if one.place == 1]
        if len(first) == 1 and first[0].poster.submission_id:
            made.append(_prize(user, event, track))
        elif first:
            left.append(_why_not(track, len(first), first[0].votes))
    return made, left


def _prize(user: User, event: Event, track: Track) -> Prize:
    name = _("Best poster: %(category)s") % {"category": track}
    told = {"by": Prize.By.VOTES, "track": track, "description": _("most votes of those who came")}
    return prizes.set_prize(user, event, name=name[:120], **told)


def _why_not(track: Track, first: int, votes: int) -> str:
    if first == 1:
        return _(
            "%(category)s: the first is a poster without a submission, which wins no prize. Bring "
            "its submission in, or decide a prize yourself."
        ) % {"category": track}
    told = {"category": track, "first": first, "n": votes}
    return (
        ngettext(
            "%(category)s: %(first)d posters have %(n)d vote each. Decide this prize yourself.",
            "%(category)s: %(first)d posters have %(n)d votes each. Decide this prize yourself.",
            votes,
        )
        % told
    )


def refuse_open_vote(event: Event) -> None:
    if is_vote_open(programme_of(event)):
        raise Refused(
            _("The best-poster vote is still open; wait for its end, or end it in the settings of "
              "the programme."),
            code="vote.open",
        )  # fmt: skip


def recount(user: User, event: Event) -> None:
    """Before publication: what votes decide is by the votes as they are in the end."""
    by_votes = event.prizes.filter(by=Prize.By.VOTES).select_related("track", "submission")
    if by_votes:
        refuse_open_vote(event)
    for prize in by_votes:
        winner = prizes.most_votes(event, prize.track)
        if winner != prize.submission:
            prize.submission = winner
            prize.save(update_fields=["submission"])
            record(user, "recount_prize", prize, submission=str(prize.submission_id or ""))
