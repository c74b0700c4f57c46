"""Made-up submissions by which judges find their scale."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from judging.panel.models.criterion import Criterion


class Example(models.Model):
    """A made-up submission that every judge scores before the real ones; it counts for nothing."""

    MOST = 3

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="examples")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("description"), max_length=5000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="example_position_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3), name="example_is_one_of_three"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ExampleScore(models.Model):
    """What a judge answers about an example."""

    example = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="scores")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["example", "judge", "criterion"], name="example_scored_once"
            ),
            models.CheckConstraint(condition=Q(value__gte=1), name="example_score_begins_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.example}: {self.value}"
