"""What happened to each job, in the order in which it did."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

STAGES = {
    "": _("Waiting for the first sign of life"),
    "starting": _("Starting"),
    "reading": _("Reading the table"),
    "training": _("Learning what is usual"),
    "scoring": _("Scoring every row"),
    "explaining": _("Finding the columns that make a row unusual"),
    "writing": _("Writing the report"),
    "parts": _("Its parts are being scored by several workers"),
}


class JobEvent(models.Model):
    """One thing that happened to a job; the database allows one ending at most."""

    class Kind(models.TextChoices):
        QUEUED = "queued", _("Asked for")
        CLAIMED = "claimed", _("Taken by a worker")
        RELEASED = "released", _("Given back by a worker that had to stop")
        RETRIED = "retried", _("Ended early; will be tried again")
        STAGE = "stage", _("Went on")
        DIVIDED = "divided", _("Divided into parts")
        CANCEL_ASKED = "cancel_asked", _("Cancelling asked for")
        SUCCEEDED = "succeeded", _("Scored")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ENDINGS = (Kind.SUCCEEDED, Kind.FAILED, Kind.CANCELLED)

    job = models.ForeignKey("jobs.ScoringJob", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    code = models.CharField(max_length=60, blank=True, db_default="")
    sentence = models.TextField(blank=True, db_default="")  # for the team: no paths, no traces
    detail = models.TextField(blank=True)  # for those who run the event: may hold a stack trace

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

    @property
    def in_words(self) -> Any:
        return (
            STAGES.get(self.code, "") if self.kind == self.Kind.STAGE else self.get_kind_display()
        )
