"""Who scores: the workers, and whose turn it is among the teams that wait."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models import Team


class Turn(models.Model):
    """When a team's job was last taken: the number of that entry in the journal, not a time."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="scoring_turn")
    claim = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.team}: {self.claim}"


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> "WorkerQuerySet":
        """Heard of within a lease: whoever is silent for longer loses its job too."""
        return self.filter(seen_at__gte=Now() - timedelta(seconds=settings.PODIUM_LEASE))

    def fit(self) -> "WorkerQuerySet":
        """Alive, and taking jobs."""
        return self.alive().filter(state=Worker.State.READY)


class Worker(models.Model):
    """A process that scores. Each start is a new row; `seen_at` is its pulse."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        LOW_DISK = "low_disk", _("Takes no job: its disk is almost full")
        UNHEALTHY = "unhealthy", _("Takes no job: its device failed several times in a row")

    name = models.CharField(max_length=120, unique=True)
    device = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.READY, db_default="ready")
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)  # of its device, in a row
    memory = models.PositiveBigIntegerField(default=0, db_default=0)  # bytes, with its child's
    skew = models.FloatField(default=0, db_default=0)  # its clock less the database's, in seconds
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now())
    job = models.ForeignKey(
        "jobs.ScoringJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
