"""What is asked about every submission."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event, Track
from submissions.entries.models import Submission


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def asked_of(self, submission: Submission) -> "CriterionQuerySet":
        """Those of the whole event and those of every track that it enters."""
        own = Q(track__isnull=True) | Q(track__in=submission.categories)
        return self.filter(own, event_id=submission.event_id)


class Criterion(models.Model):
    """One question that judges answer about every submission (of one track), from 1 to `steps`."""

    class Scale(models.TextChoices):
        STEPS = "steps", _("numbers")
        STARS = "stars", _("stars")

    STEPS = (3, 5, 7, 10, 100)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="criteria")
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.CASCADE, related_name="criteria",
        verbose_name=_("only in the category"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question"), max_length=300)
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0)])
    steps = models.PositiveSmallIntegerField(
        _("steps"), default=5, validators=[MinValueValidator(2), MaxValueValidator(100)]
    )
    shown_as = models.CharField(_("shown as"), max_length=10, choices=Scale, default=Scale.STEPS)
    optional = models.BooleanField(_("judges may answer “cannot judge”"), default=False)
    anchors = models.JSONField(_("what each step means"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                condition=Q(track__isnull=True),
                name="criterion_name_once_an_event",
            ),
            models.UniqueConstraint(fields=["track", "name"], name="criterion_name_once_a_track"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="criterion_weight_positive"),
            models.CheckConstraint(
                condition=Q(steps__gte=2, steps__lte=100), name="criterion_has_2_to_100_steps"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> list[tuple[int, str]]:
        """(step, what it means) from 1 up; a step without an anchor says only its number."""
        words = [*self.anchors, *[""] * self.steps]
        return [(step, words[step - 1] or self._sign(step)) for step in range(1, self.steps + 1)]

    def _sign(self, step: int) -> str:
        return "★" * step if self.shown_as == self.Scale.STARS else str(step)

    @property
    def is_fine(self) -> bool:
        """Too many steps for a row of buttons."""
        return self.steps > 10

    @property
    def marks(self) -> list[tuple[str, str]]:
        """(steps, what they mean): of a fine scale, each anchor names an equal part of it."""
        if not self.is_fine or not self.anchors:
            return [(str(step), word) for step, word in self.scale[:10]]
        ends = [round(n * self.steps / len(self.anchors)) for n in range(len(self.anchors) + 1)]
        parts = zip(ends, ends[1:], self.anchors, strict=False)
        return [(f"{low + 1}–{high}", word) for low, high, word in parts]
