"""What people are in an event, beside taking part in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event, Track


class Role(models.Model):
    """What a person is in an event, beside taking part in it. A track lead's role has a track."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        ORGANIZER = "organizer", _("Organizer")
        JUDGE = "judge", _("Judge")
        TRACK_LEAD = "track_lead", _("Category lead")
        MENTOR = "mentor", _("Mentor")
        SPEAKER = "speaker", _("Speaker")
        CHECK_IN = "check_in", _("Check-in")

    RUNNING = (Kind.OWNER, Kind.ORGANIZER)
    GUARDED = (*RUNNING, Kind.JUDGE, Kind.TRACK_LEAD)  # of these an event may ask a second factor

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles"
    )
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    track = models.ForeignKey(
        Track, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user", "kind"],
                condition=~Q(kind="track_lead"),
                name="role_held_once",
            ),
            models.UniqueConstraint(
                fields=["event", "user", "track"],
                condition=Q(kind="track_lead"),
                name="track_led_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="track_lead") | Q(track__isnull=False),
                name="track_lead_has_a_track",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
