"""What was handed in at one instant, and the leave to hand in late."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from events.models import Track


class SubmissionVersion(models.Model):
    """What was handed in at one instant; never changed. The receipt names its hash (I4).

    `authors` is the byline of that instant (B86), apart from `content`, which a blind reader sees.
    """

    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    content = models.JSONField()
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+", null=True)
    authors = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,  # handed in by the deadline itself
    )
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)
    late_by = models.DurationField(null=True, editable=False)  # within the grace (B80)
    request_key = models.CharField(max_length=80, blank=True, editable=False)  # sent twice (F32)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["submission", "request_key"],
                condition=~models.Q(request_key=""),
                name="version_once_a_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} v{self.number}"


class WorkingCopy(models.Model):
    """What saved itself of a submission that is handed in already. A row of its own: what is handed
    in, and shown to judges, changes only when somebody hands it in (B87)."""

    submission = models.OneToOneField(
        "entries.Submission", on_delete=models.CASCADE, related_name="working_copy"
    )
    content = models.JSONField()  # by the names of the form's fields
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+", null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.submission}, being written"


class ReopeningQuerySet(models.QuerySet["Reopening"]):
    def open(self) -> "ReopeningQuerySet":
        return self.filter(until__gt=Now())


class Reopening(models.Model):
    """That organizers let one submission be changed until a time, and why."""

    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="reopenings"
    )
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at"]

    def __str__(self) -> str:
        return f"{self.submission} until {self.until}"
