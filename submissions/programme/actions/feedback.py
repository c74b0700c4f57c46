"""What people thought: given once by each, without a name unless they want it."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import asking, rules
from submissions.programme.actions import letters
from submissions.programme.actions.schedule import hold
from submissions.programme.models import Feedback, Session, Slot, voice_of
from theme.refusal import Refused


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


def ask_after_a_day() -> None:
    """A round of the sweep: who starred sessions is asked about a day's when the last is over."""
    now = timezone.now()
    over = Slot.objects.current().filter(ends_at__range=(now - asking.WITHIN, now))
    for event in Event.objects.filter(pk__in=over.values("version__event")):
        asked = letters.asked_about_days(event)
        for day, user, sessions in asking.days_over(event):
            if (user.pk, letters.cause_of_day(event, day)) in asked:
                continue
            if waiting := asking.unrated(user, event, sessions):
                letters.ask_about_a_day(user, event, day, waiting)


@transaction.atomic
def release_to_speakers(user: User, event: Event) -> None:
    """From now on speakers see marks and comments for their own sessions."""
    programme = hold(user, event)
    programme.feedback_released_at = Now()
    programme.save(update_fields=["feedback_released_at"])
    record(user, "release_feedback", event)
