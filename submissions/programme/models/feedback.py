"""What people thought, and the page that remains of an event."""

import hashlib
import hmac

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from submissions.programme.models.schedule import Session


def voice_of(user: User, event: Event, session: Session | None) -> str:
    """The same for the same person and session, and nothing to anybody without the site's key."""
    told = f"feedback:{user.pk}:{event.pk}:{session.pk if session else ''}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()


class Feedback(models.Model):
    """One person's marks for a session, or (without one) for the event.

    `voice` is a keyed hash of the person: one answer for each, and nobody's name in the row unless
    they sign it.
    """

    LONGEST = 2000

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="feedback")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="feedback"
    )
    voice = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="feedback"
    )
    rating = models.PositiveSmallIntegerField(_("rating"))
    comment = models.TextField(_("comment"), max_length=LONGEST, blank=True)
    may_quote = models.BooleanField(_("may be quoted in the recap"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "voice"],
                condition=Q(session__isnull=False),
                name="one_feedback_a_session",
            ),
            models.UniqueConstraint(
                fields=["event", "voice"],
                condition=Q(session__isnull=True),
                name="one_feedback_an_event",
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="rating_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.comment[:40]}"


class Recap(models.Model):
    """The page that remains: prose by the organizers, numbers by the database."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="recap")
    prose = models.TextField(_("text"), max_length=20_000, blank=True)
    quotes = models.ManyToManyField(Feedback, blank=True, related_name="+")
    frozen = models.JSONField(null=True, editable=False)
    frozen_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen__isnull=True, frozen_at__isnull=True)
                | Q(frozen__isnull=False, frozen_at__isnull=False),
                name="frozen_numbers_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: recap"
