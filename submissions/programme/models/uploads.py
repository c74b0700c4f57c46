"""Slides and posters as files: what was sent, and what our own child process made of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from submissions.programme.models.hall import Poster
from submissions.programme.models.schedule import Session


class Document(models.Model):
    """The slides of a session or the sheet of a poster; a later one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(
        Session, null=True, on_delete=models.CASCADE, related_name="slides"
    )
    poster = models.OneToOneField(Poster, null=True, on_delete=models.CASCADE, related_name="sheet")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) ^ Q(poster__isnull=True),
                name="document_of_a_session_or_a_poster",
            ),
        ]

    def __str__(self) -> str:
        return self.name
