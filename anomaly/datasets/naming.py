"""What a blind reader calls a data set: what its authors called the file may tell who they are."""

from collections.abc import Iterable
from pathlib import PurePath

from django.utils.translation import gettext as _

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from submissions.entries.blindness import reads_blind
from submissions.entries.models import Submission


def for_reader(user: Viewer, submission: Submission, datasets: Iterable[Dataset]) -> None:
    """Gives the data sets of a submission, in memory only, the names that this reader may know:
    "Data set 1.csv", by the order in which they were first handed in."""
    if not reads_blind(user, submission):
        return
    first = submission.datasets.order_by("pk").values_list("name", flat=True)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(first), start=1)}
    for dataset in datasets:
        number = numbers.get(dataset.name)
        if number is not None:
            ending = PurePath(dataset.name).suffix
            dataset.name = _("Data set %(number)d") % {"number": number} + ending
