"""Who may have a data set scored, and who may stop it."""

from accounts.models import Viewer
from anomaly.datasets.models import Dataset
from anomaly.datasets.rules import can_be_used, can_upload
from anomaly.jobs.models import ScoringJob
from events.rules import can_run
from submissions.entries.rules import is_author

RERUN = (ScoringJob.State.SUCCEEDED, ScoringJob.State.FAILED)


def can_start(user: Viewer, dataset: Dataset) -> bool:
    """The team, while its submission may be edited."""
    return can_be_used(dataset) and can_upload(user, dataset.submission)


def may_stop(user: Viewer, job: ScoringJob) -> bool:
    """The team, and those who run the event."""
    return is_author(user, job.dataset.submission) or can_run(user, job.event)


def can_rerun(user: Viewer, job: ScoringJob) -> bool:
    """Those who run the event, also after the deadline: the old result stays beside the new one."""
    return job.state in RERUN and can_run(user, job.event)


def can_read_log(user: Viewer, job: ScoringJob) -> bool:
    """What happened, in sentences. In full, with what a program said, for `can_run` only."""
    return may_stop(user, job)


def can_cancel(user: Viewer, job: ScoringJob) -> bool:
    return not job.ended and may_stop(user, job)
