"""Mails about a submission to all who wrote it."""

from typing import Any

from notices.actions import post
from submissions.entries.authors import accounts
from submissions.entries.models import Submission, SubmissionVersion


def tell(submission: Submission, template: str, *, cause: str, **facts: Any) -> None:
    for person in accounts(submission):
        post(
            person,
            f"entries/mail/{template}",
            cause=cause,
            event=submission.event,
            title=submission.title,
            page_url=submission.get_absolute_url(),
            zone=submission.event.timezone,
            **facts,
        )


def send(submission: Submission, version: SubmissionVersion) -> None:
    """The receipt: time and hash of what was handed in (I4)."""
    tell(
        submission,
        "receipt",
        cause=f"receipt:{version.pk}",
        number=version.number,
        submitted_at=version.submitted_at,
        late=bool(version.late_by),
        sha256=version.sha256,
    )
