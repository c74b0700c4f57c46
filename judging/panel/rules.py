"""Who sets up the panel, and who may judge what."""

from accounts.models import User, Viewer
from events.models import Event, Phase
from events.rules import can_run, is_judge, is_open
from judging.panel.models import Conflict
from submissions.entries.models import Submission
from submissions.entries.rules import is_author


def can_set_up(user: Viewer, event: Event) -> bool:
    return can_run(user, event)


def can_change_criteria(user: Viewer, event: Event) -> bool:
    """Until judging opens: what judges were asked must not change under them."""
    return can_run(user, event) and not is_open(event, Phase.Kind.JUDGING)


def has_conflict(judge: Viewer, submission: Submission) -> bool:
    declared = Conflict.objects.filter(judge_id=judge.pk, submission=submission)
    return is_author(judge, submission) or declared.exists()


def can_judge(judge: User, submission: Submission) -> bool:
    return is_judge(judge, submission.event) and not has_conflict(judge, submission)


def can_declare(user: Viewer, submission: Submission, judge: User) -> bool:
    """A judge for oneself, an organizer for every judge; not about work one has a hand in."""
    own = user.pk == judge.pk and is_judge(judge, submission.event)
    return own or (can_run(user, submission.event) and not has_conflict(user, submission))
