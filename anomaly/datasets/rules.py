"""Who may hand in data, and who may have its bytes."""

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from events.models import Event
from events.rules import can_run
from submissions.entries.models import Submission
from submissions.entries.rules import can_edit, is_author


def can_upload(user: Viewer, submission: Submission) -> bool:
    """The team, until the deadline."""
    return submission.state != Submission.State.WITHDRAWN and can_edit(user, submission)


def can_choose_roles(user: Viewer, dataset: Dataset) -> bool:
    return can_be_used(dataset) and can_upload(user, dataset.submission)


def can_be_used(dataset: Dataset) -> bool:
    """Is it known what is in it, and not just being found out anew?"""
    return dataset.state == Dataset.State.READY and not dataset.being_read


def can_download(user: Viewer, dataset: Dataset) -> bool:
    """The bytes are the team's alone; judges and organizers see profile and report."""
    return is_author(user, dataset.submission)


def can_set_limits(user: Viewer, event: Event) -> bool:
    return can_run(user, event)
