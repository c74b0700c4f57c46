"""Who may have a data set scored, and who may stop it."""

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from anomaly.datasets.rules import can_upload
from anomaly.jobs.models import ScoringJob
from events.rules import can_run
from submissions.entries.rules import is_author


def can_start(user: Viewer, dataset: Dataset) -> bool:
    """The team, while its submission may be edited."""
    return dataset.state == Dataset.State.READY and can_upload(user, dataset.submission)


def may_stop(user: Viewer, job: ScoringJob) -> bool:
    """The team, and those who run the event."""
    return is_author(user, job.dataset.submission) or can_run(user, job.event)


def can_cancel(user: Viewer, job: ScoringJob) -> bool:
    return not job.ended and may_stop(user, job)
