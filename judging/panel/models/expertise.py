"""What judges know and take on."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import Event, Track


class Expertise(models.Model):
    """What a judge knows, how much he takes on, and when he is away."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="expertises")
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="expertises"
    )
    tracks = models.ManyToManyField(Track, blank=True, verbose_name=_("categories"))
    words = models.CharField(_("subjects"), max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField(_("at most so many reviews"), null=True, blank=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until, that day included"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "judge"], name="expertise_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.words}"

    @property
    def subjects(self) -> set[str]:
        return {word.strip().casefold() for word in self.words.split(",") if word.strip()}

    def is_away(self, day: date) -> bool:
        begun = self.away_from is not None and self.away_from <= day
        return begun and (self.away_until is None or day <= self.away_until)
