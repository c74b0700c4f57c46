"""Tables handed in with a submission: immutable versions and what was understood of each."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from anomaly.datasets import store
from events.models import Event, Role
from submissions.entries.models import Reader, Submission, SubmissionQuerySet

# Rooms further down the house may keep evidence back from a reader for a while (a judge's first
# score comes first): functions from a person to the submissions of which that person sees none yet.
kept_back: list[Callable[[Viewer], models.QuerySet[Submission]]] = []


def examined_by(user: Viewer) -> SubmissionQuerySet:
    """Submissions whose data and evidence this person may see: the own team's, and final ones for
    those who run the event and for readers given them. Never the public, not even after the reveal.
    """
    running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
    given = Reader.objects.filter(user_id=user.pk).values("submission_id")
    for later in kept_back:
        given = given.exclude(submission__in=later(user).values("pk"))
    own = Submission.objects.own(user).values("pk")
    final = Q(state=Submission.State.SUBMITTED)
    return Submission.objects.filter(
        Q(pk__in=own) | (final & (Q(event_id__in=running) | Q(pk__in=given)))
    )


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def ready(self) -> "DatasetQuerySet":
        return self.filter(state=Dataset.State.READY)

    def own(self, user: Viewer) -> "DatasetQuerySet":
        """Those of the own team: the only ones whose bytes one may have."""
        return self.filter(submission__in=Submission.objects.own(user).values("pk"))

    def visible_to(self, user: Viewer) -> "DatasetQuerySet":
        """Those whose profile and sample one may see."""
        return self.filter(submission__in=examined_by(user).values("pk"))


class Dataset(models.Model):
    """One version of one table; a new upload of the same name is a new version, never a change."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        REJECTED = "rejected", _("Not usable")

    class Role(models.TextChoices):
        FEATURE = "feature", _("Feature")
        LABEL = "label", _("Label")
        IDENTIFIER = "identifier", _("Identifier")
        IGNORE = "ignore", _("Ignore")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="datasets")
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    state = models.CharField(max_length=20, choices=State)
    code = models.CharField(max_length=60, blank=True)  # of the problem, for programs
    problem = models.TextField(blank=True)
    profile = models.JSONField(default=dict, blank=True)
    roles = models.JSONField(default=dict, blank=True)  # {column name: role}
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "name", "number"], name="dataset_version_once"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", problem="") | (Q(state="rejected") & ~Q(problem="")),
                name="dataset_ready_or_has_a_problem",
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.number == 1 else f"{self.name} (version {self.number})"

    def get_absolute_url(self) -> str:
        return reverse("datasets:detail", args=[self.event.slug, self.pk])

    @property
    def event(self) -> Event:
        return self.submission.event

    @property
    def path(self) -> Path:
        return store.place(self.sha256)

    @property
    def columns(self) -> list[dict[str, Any]]:
        """What was understood of each column, with the role chosen for it."""
        known = self.profile.get("columns", [])
        return [{**c, "role": self.roles.get(c["name"], c["role"])} for c in known]
