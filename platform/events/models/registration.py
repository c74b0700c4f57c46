"""That a person takes part in an event, from the application to the door."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models.event import Event, Track
from events.models.invitation import Invitation, new_code


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> "RegistrationQuerySet":
        """Those who take part."""
        return self.filter(state__in=Registration.TAKING_PART)

    def seated(self) -> "RegistrationQuerySet":
        """Those who hold a place, also if they have not confirmed it yet."""
        return self.filter(state__in=Registration.SEATED)

    def waiting(self) -> "RegistrationQuerySet":
        """The first in line first."""
        return self.filter(state=Registration.State.WAITING).order_by("line", "id")

    def lapsing(self) -> "RegistrationQuerySet":
        """Offers whose time is over, by the clock of the database."""
        return self.filter(state=Registration.State.OFFERED, offer_until__lte=Now())


class Registration(models.Model):
    """One for each person and event, whatever becomes of it (I5)."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied")
        ACCEPTED = "accepted", _("Accepted, not told")
        DECLINED = "declined", _("Declined, not told")
        OFFERED = "offered", _("Offered a place")
        REJECTED = "rejected", _("Declined")
        CONFIRMED = "confirmed", _("Registered")
        WAITING = "waiting", _("Waiting")
        LAPSED = "lapsed", _("Offer ran out")
        CANCELLED = "cancelled", _("Cancelled")
        CHECKED_IN = "checked_in", _("Checked in")

    TAKING_PART = (State.CONFIRMED, State.CHECKED_IN)
    SEATED = (State.ACCEPTED, State.OFFERED, State.CONFIRMED, State.CHECKED_IN)
    UNDECIDED = (State.APPLIED, State.ACCEPTED, State.DECLINED, State.WAITING)
    UNTOLD = (State.ACCEPTED, State.DECLINED)
    OVER = (State.CANCELLED, State.LAPSED, State.REJECTED)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations"
    )
    state = models.CharField(max_length=20, choices=State, default=State.CONFIRMED)
    track = models.ForeignKey(
        Track,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("category"),
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    line = models.PositiveBigIntegerField(null=True, blank=True)  # place in the waiting line
    reason = models.CharField(max_length=500, blank=True)  # why it was decided so
    offer_until = models.DateTimeField(null=True, blank=True)
    ticket = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["event", "state", "line"], name="registration_in_line"),
            models.Index(fields=["event", "-id"], name="registration_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="registered_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", line__isnull=False)
                | (~Q(state="waiting") & Q(line__isnull=True)),
                name="who_waits_stands_in_line",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_until__isnull=False),
                name="offer_ends_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state="checked_in", checked_in_at__isnull=False)
                | (~Q(state="checked_in") & Q(checked_in_at__isnull=True)),
                name="checked_in_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["event", "line"],
                condition=Q(line__isnull=False),
                name="one_person_a_place_in_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event}"

    def get_absolute_url(self) -> str:
        return reverse("events:registration", args=[self.event.slug])

    @property
    def takes_part(self) -> bool:
        return self.state in self.TAKING_PART

    @property
    def told_state(self) -> str:
        """What the person knows: a decision nobody has told is still an application."""
        return self.State.APPLIED if self.state in self.UNTOLD else self.state
