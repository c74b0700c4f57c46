"""This room's numbers in the recap of an event."""

from django.utils.translation import gettext_lazy as _

from anomaly.datasets.models import Dataset
from anomaly.jobs.models import ScoringJob
from events.models import Event
from submissions.programme import recap


def rows_scored(event: Event) -> int:
    """Rows of the data sets that have a report, each data set once."""
    scored = ScoringJob.objects.succeeded().values("dataset_id")
    found = Dataset.objects.filter(submission__event=event, pk__in=scored)
    return sum(int(rows or 0) for rows in found.values_list("profile__rows", flat=True))


def register() -> None:
    recap.register("rows_scored", rows_scored, label=_("rows scored"))
