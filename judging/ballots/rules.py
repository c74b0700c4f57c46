"""When a judge may score, and ask for more."""

from django.db.models import Q

from accounts.models import Viewer
from events.models import Event, Phase
from events.rules import can_run, is_judge, is_open
from judging.ballots.models import Ballot
from judging.panel.models import Assignment, ExampleScore, Panel, panel_of
from judging.panel.rules import has_interest
from submissions.entries.models import Submission, SubmissionQuerySet

ENOUGH = 3  # waiting on one desk: what one judge holds back, nobody else reads


def is_judging_open(event: Event) -> bool:
    """Open by the clock of the database, neither frozen nor published."""
    ended = Q(results_at__isnull=False) | Q(panel__frozen_at__isnull=False)
    ended_now = Event.objects.filter(ended, pk=event.pk).exists()
    return is_open(event, Phase.Kind.JUDGING) and not ended_now


def can_score(user: Viewer, assignment: Assignment) -> bool:
    """Assigned, no interest, and still a judge: asked anew at every save (F43)."""
    return Assignment.objects.visible_to(user).filter(pk=assignment.pk).exists()


def can_ask_for_another(user: Viewer, event: Event) -> bool:
    """Judges, while judging is open, who have read what they were given, or nearly."""
    return is_judge(user, event) and is_judging_open(event) and waiting(user, event) < ENOUGH


def waiting(user: Viewer, event: Event) -> int:
    """Score sheets on this judge's desk that are not submitted."""
    mine = Assignment.objects.visible_to(user).of(event)
    return mine.exclude(ballot__state=Ballot.State.SUBMITTED).count()


def can_compare(user: Viewer, event: Event) -> bool:
    return panel_of(event).pairs and is_judge(user, event) and is_judging_open(event)


def has_trained(user: Viewer, event: Event) -> bool:
    """Whether this judge has scored all the examples, or there are none."""
    scored = ExampleScore.objects.filter(judge_id=user.pk).values("example")
    return not event.examples.exclude(pk__in=scored).exists()


def can_discuss(user: Viewer, submission: Submission) -> bool:
    """Judges who have submitted their own sheet of it, and organizers without an interest in it."""
    if not panel_of(submission.event).discussion:
        return False
    own = Ballot.objects.counted().filter(
        assignment__judge_id=user.pk, assignment__submission=submission
    )
    if is_judge(user, submission.event):
        return own.exists()
    return can_run(user, submission.event) and not has_interest(user, submission.track)


def can_train(user: Viewer, event: Event) -> bool:
    return is_judge(user, event)


def without_first_score(user: Viewer) -> SubmissionQuerySet:
    """Submissions whose evidence this judge sees only after a first score, and has not yet given
    one."""
    scored = Ballot.objects.filter(assignment__judge_id=user.pk, scores__isnull=False)
    waiting = Assignment.objects.filter(judge_id=user.pk).exclude(
        pk__in=scored.values("assignment")
    )
    return Submission.objects.filter(
        event__panel__evidence=Panel.Evidence.AFTER, assignments__in=waiting
    )
