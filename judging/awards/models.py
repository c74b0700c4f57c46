"""Who wins, and that it was published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models import Event, Track
from submissions.entries.models import Submission

PLACES = (1, 2, 3)


class Award(models.Model):
    """A place in a track. `reason` says why, where the organizers overruled the ranking."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="awards")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="awards")
    place = models.PositiveSmallIntegerField(_("place"))
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="awards")
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["track__position", "track_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["event", "track", "place"], name="place_given_once"),
            models.UniqueConstraint(fields=["track", "submission"], name="one_place_a_submission"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="place_is_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.track}: {self.place}. {self.submission}"


class Publication(models.Model):
    """What was published: the ranking as it stood, and the hash of what it was made from (I7)."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="publication")
    published_at = models.DateTimeField(db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ranking = models.JSONField()
    input_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.event}: {self.input_hash[:12]}"
