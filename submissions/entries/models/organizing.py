"""What organizers write beside submissions: labels, internal notes, filters they keep."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models import Event


class Label(models.Model):
    """A tag of the organizers; nobody else sees it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(_("label"), max_length=40)
    submissions = models.ManyToManyField("entries.Submission", related_name="labels", blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="label_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """What organizers tell each other about a submission."""

    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="notes"
    )
    text = models.TextField(_("note"), max_length=5_000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]


class SavedFilter(models.Model):
    """A way to look at the table, shared by those who run the event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="submission_filters")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1_000)  # the address's part after the question mark

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="filter_name_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.name
