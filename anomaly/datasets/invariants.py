"""What must be true of stored files at any time (I2), as questions to the database and the disk."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models.functions import Now

from anomaly.datasets import store
from anomaly.datasets.models import Dataset, Upload


def every_dataset_has_its_file() -> Iterator[str]:
    """Each content is read once, however many data sets share it."""
    known: dict[str, str] = {}
    for dataset in Dataset.objects.order_by("sha256", "pk").iterator():
        if dataset.sha256 not in known:
            known = {dataset.sha256: _trouble(dataset)}
        if known[dataset.sha256]:
            yield f"I2 {known[dataset.sha256]} data set {dataset.pk}"


def every_reading_ends() -> Iterator[str]:
    """Taken by a reader that was lost, and taken back by nobody who looks every few seconds."""
    forgotten = timedelta(minutes=10)
    for dataset in Dataset.objects.to_read().filter(checked_until__lt=Now() - forgotten):
        yield f"I2 data set {dataset.pk} is held by a lost reader and nobody takes it back"


def _trouble(dataset: Dataset) -> str:
    path = dataset.path
    if not path.is_file():
        return "there is no file of"
    if path.stat().st_size != dataset.size or store.digest(path) != dataset.sha256:
        return "the file was changed of"
    return ""


def every_upload_has_its_bytes() -> Iterator[str]:
    for upload in Upload.objects.unfinished().filter(offset__gt=0):
        moved = upload.sha256 and store.place(upload.sha256).exists()
        here = upload.path.stat().st_size if upload.path.exists() else -1
        if here < upload.offset and not moved and Upload.objects.filter(pk=upload.pk).exists():
            yield f"I2 upload {upload.pk} counts {upload.offset} bytes but has {here}"
