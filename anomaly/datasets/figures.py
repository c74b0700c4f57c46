"""This room's numbers in the recap of an event."""

from django.utils.translation import gettext_lazy as _

from anomaly.datasets.models import Dataset
from events.models import Event
from submissions.programme import recap


def datasets(event: Event) -> int:
    return Dataset.objects.filter(submission__event=event).count()


def register() -> None:
    recap.register("datasets", datasets, label=_("data sets"))
