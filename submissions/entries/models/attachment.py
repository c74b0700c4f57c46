"""Files of a submission: pictures, made again by us, and documents to keep."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """The file lies under the hash of its content and is private; every reader comes through a
    page that asks who it is. `name` is what its author called it, and may tell who that is."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        PDF = "pdf", _("PDF")
        ZIP = "zip", _("ZIP")
        NOTEBOOK = "notebook", _("notebook")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="attachments"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120)
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="a_file_once"),
        ]

    def __str__(self) -> str:
        return self.name
