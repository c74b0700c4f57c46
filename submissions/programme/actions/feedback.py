"""What people thought: given once by each, without a name unless they want it."""

import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import rules
from submissions.programme.actions.schedule import hold
from submissions.programme.models import Feedback, Session
from theme.refusal import Refused


def voice_of(user: User, event: Event, session: Session | None) -> str:
    """The same for the same person and session, and nothing to anybody without the site's key."""
    told = f"feedback:{user.pk}:{event.pk}:{session.pk if session else ''}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def give(
    user: User,
    event: Event,
    *,
    session: Session | None = None,
    rating: int,
    comment: str = "",
    named: bool = False,
    may_quote: bool = False,
) -> Feedback:
    """Marks from 1 to 5 and a comment; given again, they take the place of the first.

    The audit trail is not told who gave it, or it would not be anonymous.
    """
    _refuse_feedback(user, event, session)
    if not 1 <= rating <= 5:
        raise Refused(_("Choose one to five."), code="feedback.rating")
    if len(comment) > Feedback.LONGEST:
        raise Refused(
            _("The comment has %(n)d characters; %(most)d are allowed.")
            % {"n": len(comment), "most": Feedback.LONGEST},
            code="feedback.too_large",
        )
    given, _created = Feedback.objects.update_or_create(
        event=event,
        session=session,
        voice=voice_of(user, event, session),
        defaults={
            "rating": rating,
            "comment": comment.strip(),
            "may_quote": may_quote,
            "author": user if named else None,
        },
    )
    return given


def _refuse_feedback(user: User, event: Event, session: Session | None) -> None:
    if not rules.attends(user, event):
        raise Refused(_("Those who took part give feedback."), code="feedback.not_yours")
    if session is None:
        return
    if rules.is_contributor(user, session):
        raise Refused(_("Others judge your session."), code="feedback.own")
    if not rules.has_begun(session):
        raise Refused(
            _("“%(title)s” has not begun yet; come back when you have seen it.")
            % {"title": session},
            code="feedback.early",
        )


@transaction.atomic
def release_to_speakers(user: User, event: Event) -> None:
    """From now on speakers see marks and comments for their own sessions."""
    programme = hold(user, event)
    programme.feedback_released_at = Now()
    programme.save(update_fields=["feedback_released_at"])
    record(user, "release_feedback", event)
