"""Invitations: a link for one person, or a code for many."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models.event import Event, Track
from events.models.role import Role


def new_code() -> str:
    """96 random bits: too many to guess (B68)."""
    return secrets.token_urlsafe(12)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def valid(self) -> "InvitationQuerySet":
        """Not used up, not withdrawn, not over, by the clock of the database."""
        return self.filter(used__lt=F("uses"), withdrawn_at__isnull=True).filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
        )


class Invitation(models.Model):
    """With an address it is personal; without one a code that `uses` people may use."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.Kind, blank=True)
    track = models.ForeignKey(
        Track,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("category"),
    )
    uses = models.PositiveIntegerField(_("how many people may use it"), default=1)
    used = models.PositiveIntegerField(default=0, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note for organizers"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(used__lte=F("uses")), name="code_used_no_more"),
            models.CheckConstraint(condition=Q(uses__gte=1), name="code_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(email="") | Q(uses=1), name="personal_invitation_is_for_one"
            ),
            models.CheckConstraint(
                condition=~Q(role="track_lead") | Q(track__isnull=False),
                name="invited_track_lead_has_a_track",
            ),
            models.UniqueConstraint(
                fields=["event", "email", "role"],
                condition=~Q(email="") & Q(withdrawn_at__isnull=True, track__isnull=True),
                name="invited_once_a_role",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.note or self.code

    def get_absolute_url(self) -> str:
        return reverse("events:invitation", args=[self.event.slug, self.code])


class Redemption(models.Model):
    """That a person used an invitation."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="redemptions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="redemptions"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "user"], name="invitation_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.invitation}"
