"""Scoring jobs (the row is the queue) and their parts."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Now, RowNumber
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from anomaly.jobs.fleet import Turn, Worker
from anomaly.jobs.journal import STAGES, JobEvent
from events.models import Event, Role

__all__ = ["JobEvent", "ScoringJob", "Turn", "Worker"]

PAYLOAD_VERSION = 1

TURN = "dataset__submission__team__scoring_turn__claim"  # when the job's team last had its turn


class ScoringJobQuerySet(models.QuerySet["ScoringJob"]):
    def whole(self) -> "ScoringJobQuerySet":
        """What people asked for: not the parts into which a large one is divided."""
        return self.filter(parent=None)

    def visible_to(self, user: Viewer) -> "ScoringJobQuerySet":
        return self.whole().filter(dataset__in=Dataset.objects.visible_to(user).values("pk"))

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
        """Could be worked on now: a divided one only when no part of it is still to be done, and
        none that asks for what another job is just finding."""
        parts = ScoringJob.objects.unfinished().filter(parent=OuterRef("pk"))
        due = self.filter(state=ScoringJob.State.QUEUED, run_after__lte=Now())
        return due.exclude(Exists(parts)).exclude(self._twin_under_way())

    @staticmethod
    def _twin_under_way() -> Combinable | Q:
        """Somebody finds the same already. Only what has not begun itself waits for that, so no two
        wait for each other."""
        running, divided = ScoringJob.State.RUNNING, ScoringJob.Step.MERGE
        begun = Q(state=running) | Q(state=ScoringJob.State.QUEUED, step=divided)
        twins = ScoringJob.objects.filter(begun, fingerprint=OuterRef("fingerprint"), parent=None)
        begins = Q(step__in=[ScoringJob.Step.WHOLE, ScoringJob.Step.FIT])
        return begins & ~Q(fingerprint="") & Exists(twins)

    def by_turn(self) -> "ScoringJobQuerySet":
        """In the order in which they are taken: the team goes first that had its last turn longest
        ago, so that a hundred jobs of one team do not keep another team's only one waiting."""
        return self.order_by("priority", F(TURN).asc(nulls_first=True), "created_at", "id")

    def in_line(self) -> "ScoringJobQuerySet":
        """All that wait, as `by_turn` will take them one after the other: one of each team, then
        the second of each."""
        team = Window(
            RowNumber(),
            partition_by=[F("priority"), F("dataset__submission__team")],
            order_by=[F("created_at").asc(), F("id").asc()],
        )
        return (
            self.filter(state=ScoringJob.State.QUEUED)
            .annotate(round=team)
            .order_by("priority", "round", F(TURN).asc(nulls_first=True), "created_at", "id")
        )

    def for_device(self, device: str) -> "ScoringJobQuerySet":
        """What a worker with this device takes: its own queue, and the other one while that has no
        fit worker, so that no job waits for a machine that is not there."""
        queues = {device}
        for other in {*ScoringJob.Queue.values} - queues:
            if not Worker.objects.fit().filter(device=other).exists():
                queues.add(other)
        return self.filter(queue__in=queues)

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

    class Queue(models.TextChoices):
        GPU = "gpu", _("Graphics processor")
        CPU = "cpu", _("Processor")

    class Step(models.TextChoices):
        """Most jobs are one step. One for a very large table learns, is divided, and is merged."""

        WHOLE = "whole", _("All in one")
        FIT = "fit", _("Learn from a sample")
        PART = "part", _("Score some of the rows")
        MERGE = "merge", _("Put the parts together")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="jobs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # of all that decides what is found, so that it is found once; empty: find it in any case
    fingerprint = models.CharField(max_length=64, blank=True, db_default="", default="")
    payload = models.JSONField()  # {"version", "roles", "seed"}: what to do, fixed when asked for
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    queue = models.CharField(max_length=10, choices=Queue, default=Queue.CPU, db_default="cpu")
    step = models.CharField(max_length=10, choices=Step, default=Step.WHOLE, db_default="whole")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts"
    )
    part = models.PositiveIntegerField(default=0, db_default=0)  # its number among its siblings
    rerun_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns"
    )
    priority = models.SmallIntegerField(default=0)  # the smaller, the sooner
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    setbacks = models.PositiveSmallIntegerField(default=0, db_default=0)  # not the job's own fault
    halvings = models.PositiveSmallIntegerField(default=0, db_default=0)  # of the rows at once
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
    stamp = models.JSONField(default=dict, blank=True, db_default={})  # what made the result
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
                condition=Q(state__in=["queued", "running"], parent=None),
                name="one_unfinished_job_a_dataset",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(state="running", parent=None) & ~Q(fingerprint=""),
                name="one_fingerprint_under_way",
            ),
            models.UniqueConstraint(
                fields=["parent", "part"],
                condition=Q(parent__isnull=False),
                name="job_part_once",
            ),
            models.CheckConstraint(
                condition=Q(step="part", parent__isnull=False)
                | (~Q(step="part") & Q(parent__isnull=True)),
                name="job_part_has_a_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "created_at"],
                condition=Q(state="queued"),
                name="job_waiting",
            ),
            models.Index(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="job_fingerprint"
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
