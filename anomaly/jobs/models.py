"""Scoring jobs (the row is the queue), what happened to each, and the workers."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from events.models import Event, Role

PAYLOAD_VERSION = 1

STAGES = {
    "": _("Waiting for the first sign of life"),
    "starting": _("Starting"),
    "reading": _("Reading the table"),
    "training": _("Learning what is usual"),
    "scoring": _("Scoring every row"),
    "explaining": _("Finding the columns that make a row unusual"),
    "writing": _("Writing the report"),
}


class ScoringJobQuerySet(models.QuerySet["ScoringJob"]):
    def visible_to(self, user: Viewer) -> "ScoringJobQuerySet":
        return self.filter(dataset__in=Dataset.objects.visible_to(user).values("pk"))

    def stoppable_by(self, user: Viewer) -> "ScoringJobQuerySet":
        """Those of the own team, and of events one runs."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        return self.visible_to(user).filter(
            Q(dataset__in=Dataset.objects.own(user).values("pk"))
            | Q(dataset__submission__event__in=running)
        )

    def unfinished(self) -> "ScoringJobQuerySet":
        return self.exclude(state__in=ScoringJob.ENDED)

    def waiting(self) -> "ScoringJobQuerySet":
        """Could be worked on now, in the order in which they will be."""
        return self.filter(state=ScoringJob.State.QUEUED, run_after__lte=Now()).order_by(
            "priority", "created_at", "id"
        )

    def running(self) -> "ScoringJobQuerySet":
        return self.filter(state=ScoringJob.State.RUNNING)

    def abandoned(self) -> "ScoringJobQuerySet":
        """Held by a worker that has been silent for longer than its lease."""
        return self.running().filter(lease_until__lt=Now())

    def succeeded(self) -> "ScoringJobQuerySet":
        return self.filter(state=ScoringJob.State.SUCCEEDED)

    def held(self, job: "ScoringJob") -> "ScoringJobQuerySet":
        """The job, if whoever got `job` from `claim` still holds it: none or one row."""
        return self.running().filter(pk=job.pk, fence=job.fence)


class ScoringJob(models.Model):
    """One order to score one data set. `fence` grows with every claim; its holder alone writes."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being scored")
        SUCCEEDED = "succeeded", _("Scored")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="jobs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    payload = models.JSONField()  # {"version", "roles", "seed"}: what to do, fixed when asked for
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    priority = models.SmallIntegerField(default=0)  # the smaller, the sooner
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    fence = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    run_after = models.DateTimeField(db_default=Now())
    cancel_requested = models.BooleanField(default=False)
    stage = models.CharField(max_length=20, blank=True)
    progress = models.FloatField(default=0)  # 0 to 1
    error_code = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    artefact = models.CharField(max_length=200, blank=True)  # relative to MEDIA_ROOT
    manifest = models.CharField(max_length=64, blank=True)  # SHA-256 of its manifest.json
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ScoringJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="job_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_runs_exactly_under_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="succeeded") | (~Q(artefact="") & ~Q(manifest="")),
                name="job_succeeds_with_an_artefact",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="job_fails_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["dataset"],
                condition=Q(state__in=["queued", "running"]),
                name="one_unfinished_job_a_dataset",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "created_at"],
                condition=Q(state="queued"),
                name="job_waiting",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="running"), name="job_under_lease"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.event.slug, self.pk])

    @property
    def event(self) -> Event:
        return self.dataset.event

    @property
    def ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def stage_in_words(self) -> Any:
        return STAGES.get(self.stage, STAGES[""])

    @property
    def percent(self) -> int:
        return int(100 * min(1.0, max(0.0, self.progress)))


class JobEvent(models.Model):
    """One thing that happened to a job; the database allows one ending at most."""

    class Kind(models.TextChoices):
        QUEUED = "queued", _("Asked for")
        CLAIMED = "claimed", _("Taken by a worker")
        RELEASED = "released", _("Given back by a worker that had to stop")
        RETRIED = "retried", _("Ended early; will be tried again")
        CANCEL_ASKED = "cancel_asked", _("Cancelling asked for")
        SUCCEEDED = "succeeded", _("Scored")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ENDINGS = (Kind.SUCCEEDED, Kind.FAILED, Kind.CANCELLED)

    job = models.ForeignKey(ScoringJob, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    detail = models.TextField(blank=True)  # for those who run the site: may hold a stack trace

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(kind__in=["succeeded", "failed", "cancelled"]),
                name="a_job_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (attempt {self.attempt})"


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> "WorkerQuerySet":
        """Heard of within a lease: whoever is silent for longer loses its job too."""
        return self.filter(seen_at__gte=Now() - timedelta(seconds=settings.PODIUM_LEASE))


class Worker(models.Model):
    """A process that scores. Each start is a new row; `seen_at` is its pulse."""

    name = models.CharField(max_length=120, unique=True)
    device = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now())
    job = models.ForeignKey(
        ScoringJob, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def oldest_waiting_seconds() -> float | None:
    """How long the job that has waited longest could have been worked on, or None."""
    waiting: QuerySet[Any] = ScoringJob.objects.waiting().annotate(
        waited=models.ExpressionWrapper(Now() - F("run_after"), output_field=models.DurationField())
    )
    longest = waiting.order_by("-waited").values_list("waited", flat=True).first()
    return longest.total_seconds() if longest is not None else None
