"""The audit trail: who did what to what, and when."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """One change of state. Entries are only ever added; the database refuses the rest (I8)."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=40)
    event = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["thing", "thing_id"]),
            models.Index(fields=["event", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing} {self.thing_id}"
