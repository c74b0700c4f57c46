"""A report is a job that succeeded, read: so each such job has exactly one, by construction."""

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.urls import reverse

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from anomaly.jobs import artefacts
from anomaly.jobs.models import ScoringJob


class ReportManager(models.Manager["Report"]):
    def get_queryset(self) -> models.QuerySet["Report"]:
        return super().get_queryset().filter(state=ScoringJob.State.SUCCEEDED, parent=None)

    def visible_to(self, user: Viewer) -> models.QuerySet["Report"]:
        """As the data set's profile: the team, the event's runners, and readers of a final one."""
        return self.filter(dataset__in=Dataset.objects.visible_to(user).values("pk"))


class Report(ScoringJob):
    objects = ReportManager()  # type: ignore[misc, assignment]

    class Meta:
        proxy = True

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.event.slug, self.pk])

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The artefact's summary.json, verified. Raises artefacts.Damaged."""
        summary: dict[str, Any] = json.loads(artefacts.read(self, "summary.json"))
        return summary

    def of_same_table(self) -> models.QuerySet["Report"]:
        """The other reports on any version of the same data set."""
        return (
            Report.objects.filter(
                dataset__submission=self.dataset.submission_id, dataset__name=self.dataset.name
            )
            .exclude(pk=self.pk)
            .select_related("dataset__submission__event")
        )

    def older(self) -> "Report | None":
        before = self.of_same_table().filter(created_at__lt=self.created_at)
        return before.order_by("-created_at").first()

    def newer(self) -> "Report | None":
        after = self.of_same_table().filter(created_at__gt=self.created_at)
        return after.order_by("created_at").first()
