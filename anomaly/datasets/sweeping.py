"""What is cleaned away now and then, and uploads that nobody finished. Any number may sweep."""

import logging
import os
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.db.models.functions import Now

from anomaly.datasets import store, uploading
from anomaly.datasets.models import Upload
from theme.refusal import Refused

logger = logging.getLogger(__name__)

WAITED = timedelta(minutes=2)  # a whole file whose sender did not ask for what became of it
KEPT = timedelta(hours=24)  # without a new byte


def sweep() -> None:
    finish_complete()
    forget_old()
    clean_files()


def finish_complete() -> None:
    """All bytes of these have come; whoever was to read them has died, or the browser has."""
    waiting = Upload.objects.complete().filter(touched_at__lt=Now() - WAITED)
    for upload in waiting.select_related("user", "submission__event"):
        try:
            uploading.finish(upload.user, upload)
        except Refused as refused:
            if refused.code != "upload.busy":
                Upload.objects.filter(pk=upload.pk).update(problem=str(refused))


def forget_old() -> None:
    for upload in Upload.objects.filter(touched_at__lt=Now() - KEPT):
        upload.path.unlink(missing_ok=True)
        upload.delete()


def clean_files() -> None:
    """Bytes without a row: its submission is gone, or it was given up in the middle of a chunk."""
    if not store.incoming().is_dir():
        return
    for path in filter(_is_orphan, store.incoming().iterdir()):
        if time.time() - os.stat(path).st_mtime > WAITED.total_seconds():
            path.unlink(missing_ok=True)


def _is_orphan(path: Path) -> bool:
    return _is_ours(path.name) and not Upload.objects.filter(pk=path.name).exists()


def _is_ours(name: str) -> bool:
    try:
        uuid.UUID(name)
    except ValueError:
        return False
    return True
