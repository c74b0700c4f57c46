"""Conflicts of interest."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models import Event
from submissions.entries.models import Submission


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def standing(self) -> "ConflictQuerySet":
        return self.filter(lifted_at__isnull=True)


class Conflict(models.Model):
    """That a judge has an interest in a submission: it is neither read nor scored by that judge."""

    class Source(models.TextChoices):
        JUDGE = "judge", _("declared by the judge")
        ORGANIZER = "organizer", _("noted by an organizer")
        AUTHOR = "author", _("an author by the e-mail address")
        AFFILIATION = "affiliation", _("same affiliation")
        DOMAIN = "domain", _("same e-mail domain")
        COAUTHOR = "coauthor", _("worked together before")
        MENTOR = "mentor", _("mentor")

    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts"
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="conflicts")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.JUDGE)
    declared_by = models.ForeignKey(  # None: found by the site
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "submission"], name="conflict_declared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.submission}"

    @property
    def event(self) -> Event:
        return self.submission.event
