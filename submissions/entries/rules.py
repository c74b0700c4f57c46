"""Who may write, submit, withdraw and read a submission."""

from accounts.models import Viewer
from events.models import Event, Phase
from events.rules import can_run, has_team, is_member, is_open
from submissions.entries.models import Submission


def is_accepting(event: Event) -> bool:
    return is_open(event, Phase.Kind.SUBMISSION)


def is_author(user: Viewer, submission: Submission) -> bool:
    return is_member(user, submission.team)


def can_create(user: Viewer, event: Event) -> bool:
    return has_team(user, event) and is_accepting(event)


def can_edit(user: Viewer, submission: Submission) -> bool:
    return is_author(user, submission) and is_accepting(submission.event)


def can_list(user: Viewer, event: Event) -> bool:
    """The organizers' list of all that was handed in."""
    return can_run(user, event)
