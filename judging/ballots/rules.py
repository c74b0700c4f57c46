"""When a judge may score, and ask for more."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User, Viewer
from events.models import Event, Phase
from events.rules import can_run, is_judge
from judging.ballots.models import Ballot
from judging.ballots.prepared import Prepared
from judging.panel.models import Assignment, ExampleScore, Panel, panel_of
from judging.panel.rules import has_interest
from submissions.entries.models import Submission, SubmissionQuerySet

ENOUGH = 3  # waiting on one desk: what one judge holds back, nobody else reads


def _open() -> QuerySet[Event]:
    """Events whose judging is open by the clock of the database, neither frozen nor published."""
    running = Phase.objects.open().filter(event=OuterRef("pk"), kind=Phase.Kind.JUDGING)
    going_on = Q(results_at__isnull=True, panel__frozen_at__isnull=True)
    return Event.objects.filter(Exists(running), going_on)


def _door(judge: int, slug: str) -> QuerySet[Event, tuple[int, bool]]:
    person = User(pk=judge)
    seen = Event.objects.visible_to(person).judged_by(person).filter(slug=slug)
    return seen.values_list("pk", Exists(_open().filter(pk=OuterRef("pk"))))


def _standing(judge: int, assignment: int) -> QuerySet[Assignment, tuple[bool]]:
    mine = Assignment.objects.visible_to(User(pk=judge)).filter(pk=assignment)
    return mine.values_list(Exists(_open().filter(pk=OuterRef("submission__event"))))


_open_event = Prepared(lambda event: _open().filter(pk=event).values_list("pk"))
_judged_event, _scored = Prepared(_door), Prepared(_standing)


def is_judging_open(event: Event) -> bool:
    """Open by the clock of the database, neither frozen nor published."""
    return bool(_open_event(event=event.pk))


def door(user: Viewer, slug: str) -> tuple[int, bool] | None:
    """(id of the event, whether judging is open) for its judges; for everybody else it is as if
    there were no such event."""
    found = _judged_event(judge=_key(user), slug=slug)
    return (found[0][0], bool(found[0][1])) if found else None


def _key(user: Viewer) -> int:
    """0, which is nobody's, for who is not signed in or whose account is closed."""
    return user.pk if user.is_active and user.pk else 0


def can_score(user: Viewer, assignment: Assignment) -> bool:
    """Assigned, no interest, and still a judge: asked anew at every save (F43)."""
    return standing(user, assignment)[0]


def standing(user: Viewer, assignment: Assignment) -> tuple[bool, bool]:
    """(whether this user may score it, and if so whether judging is open), in one question."""
    found = _scored(judge=_key(user), assignment=assignment.pk)
    return bool(found), bool(found and found[0][0])


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
