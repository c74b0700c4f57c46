"""At the boards: hang a poster, stand before it, talk, leave a card, star, vote for the best."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from events.rules import is_registered
from notices.actions import record
from submissions.entries import votes
from submissions.programme import rules
from submissions.programme.models import (
    Board,
    Card,
    Poster,
    Presence,
    Remark,
    Session,
    Star,
    Vote,
)
from submissions.programme.models.hall import LINGERS
from theme.refusal import Refused

STANDS = timedelta(hours=1)
OFTEN = 20  # remarks and questions of one person within five minutes


def touch(poster: Poster) -> None:
    """Says that the board's live part is no longer as it was."""
    Poster.objects.filter(pk=poster.pk).update(revision=F("revision") + 1)


def refuse_stranger(user: User, event: Event) -> None:
    if not rules.attends(user, event):
        raise Refused(
            _("Register for the event first; then you can take part here."), code="hall.not_yours"
        )


@transaction.atomic
def save_poster(
    user: User | None, event: Event, *, poster: Poster | None = None, **facts: Any
) -> Poster:
    """Organizers make posters; the authors, too, change links and what is shown of their own."""
    poster = poster or Poster(event=event)
    own = not poster._state.adding and user and rules.is_contributor(user, poster)
    if user is not None and not own and not rules.can_edit(user, event):
        raise Refused(_("Only its authors change a poster."), code="poster.not_yours")
    for name, value in facts.items():
        setattr(poster, name, value)
    poster.save()
    record(user, "save_poster", poster, title=poster.title)
    return poster


@transaction.atomic
def hang(user: User | None, poster: Poster, *, session: Session, number: int) -> Board:
    """Gives a poster its board in a poster session. Raises Refused if the board is taken."""
    if user is not None and not rules.can_edit(user, poster.event):
        raise Refused(_("Only organizers hang posters."), code="board.not_yours")
    if session.kind != Session.Kind.POSTERS or session.event_id != poster.event_id:
        raise Refused(_("Choose a poster session of this event."), code="board.no_session")
    board = Board.objects.filter(session=session, poster=poster).first() or Board(
        session=session, poster=poster
    )
    board.number = number
    try:
        with transaction.atomic():
            board.save()
    except IntegrityError:
        there = Board.objects.filter(session=session, number=number).select_related("poster")
        raise Refused(
            _("Board %(number)d is taken by “%(title)s”; choose another number.")
            % {"number": number, "title": getattr(there.first(), "poster", "")},
            code="board.taken",
        ) from None
    record(user, "hang", poster, session=str(session.pk), number=number)
    return board


@transaction.atomic
def take_down(user: User, board: Board) -> None:
    if not rules.can_edit(user, board.session.event):
        raise Refused(_("Only organizers take posters down."), code="board.not_yours")
    record(user, "take_down", board.poster, session=str(board.session_id), number=board.number)
    board.delete()


def be_there(user: User, poster: Poster) -> None:
    """A sign of presence, sent again and again: no audit, and one update in the usual case."""
    seen = Presence.objects.filter(poster=poster, user=user)
    if seen.filter(seen_at__gte=Now() - LINGERS).update(seen_at=Now()):
        return  # let in a minute ago
    refuse_stranger(user, poster.event)
    with transaction.atomic():
        Presence.objects.update_or_create(poster=poster, user=user, defaults={"seen_at": Now()})
        touch(poster)


@transaction.atomic
def present(user: User, poster: Poster, *, here: bool) -> Presence:
    """An author is at the board for the next hour, or leaves it."""
    if not rules.is_contributor(user, poster):
        raise Refused(_("Only its authors stand at a board."), code="board.not_yours")
    until = timezone.now() + STANDS if here else None
    presence, _created = Presence.objects.update_or_create(
        poster=poster, user=user, defaults={"seen_at": Now(), "presenting_until": until}
    )
    touch(poster)
    record(user, "present" if here else "leave_board", poster)
    return presence


def refuse_too_many(user: User) -> None:
    """A person types a few in five minutes, a script as many as it likes."""
    since = timezone.now() - timedelta(minutes=5)
    said = user.remarks.filter(created_at__gte=since).count()
    if said + user.asked.filter(created_at__gte=since).count() >= OFTEN:
        raise Refused(
            _("That was a lot within five minutes. Wait a little; what you typed is still here."),
            code="hall.too_often",
        )


@transaction.atomic
def say(user: User, poster: Poster, *, text: str) -> Remark:
    refuse_stranger(user, poster.event)
    refuse_too_many(user)
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."), code="remark.empty")
    if len(text) > Remark.LONGEST:
        raise Refused(
            _("That is %(n)d characters; %(most)d are allowed. Shorten it, or ask a question.")
            % {"n": len(text), "most": Remark.LONGEST},
            code="remark.too_large",
        )
    made = Remark.objects.create(poster=poster, author=user, text=text)
    touch(poster)
    return made


@transaction.atomic
def hide_remark(user: User, remark: Remark) -> None:
    own = rules.is_contributor(user, remark.poster)
    if not own and not rules.can_moderate(user, remark.poster.event):
        raise Refused(_("Only authors and organizers hide remarks."), code="remark.not_yours")
    Remark.objects.filter(pk=remark.pk).update(hidden=True)
    touch(remark.poster)
    record(user, "hide_remark", remark)


@transaction.atomic
def leave_card(user: User, poster: Poster, *, note: str = "") -> Card:
    """The authors see name, affiliation and address of who leaves a card; once a poster."""
    refuse_stranger(user, poster.event)
    card, created = Card.objects.update_or_create(
        poster=poster, user=user, defaults={"note": note.strip()[:500]}
    )
    if created:
        record(user, "leave_card", poster)
    return card


@transaction.atomic
def star(user: User, thing: Session | Poster, *, on: bool) -> None:
    own: dict[str, Any] = {"user": user}
    own["session" if isinstance(thing, Session) else "poster"] = thing
    if on:
        Star.objects.get_or_create(**own)
    else:
        Star.objects.filter(**own).delete()


@transaction.atomic
def vote(user: User, poster: Poster) -> Vote:
    """The voice for the best poster of its category; a later one takes the place of the first.

    However often a script asks, one person has one voice in each category, and so has one mailbox.
    """
    _refuse_vote(user, poster)
    told = {"poster": poster, "event": poster.event, "mailbox": votes.mailbox(user.email)}
    try:
        with transaction.atomic():
            cast, _created = Vote.objects.update_or_create(
                user=user, track_id=poster.track_id, defaults=told
            )
    except IntegrityError:
        raise Refused(
            _("Somebody with this mailbox has voted already."), code="vote.mailbox"
        ) from None
    record(user, "vote_poster", poster)
    return cast


def _refuse_vote(user: User, poster: Poster) -> None:
    if not is_registered(user, poster.event):
        raise Refused(_("Registered attendees vote; register first."), code="vote.not_yours")
    if not votes.has_confirmed_address(user):
        raise Refused(_("Confirm your e-mail address first."), code="vote.unconfirmed")
    if not rules.is_vote_open(rules.programme_of(poster.event)):
        raise Refused(_("The vote is not open now."), code="vote.closed")
    if rules.is_contributor(user, poster):
        raise Refused(_("Nobody votes for their own poster; choose another."), code="vote.own")
