"""What a judge does beside scoring: skip, abstain, flag, discuss, try the examples."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.rules import can_run
from judging.ballots import rules
from judging.ballots.models import Ballot, Flag, Remark, Skip
from judging.panel.models import Assignment, Example, ExampleScore
from judging.panel.rules import has_interest
from notices.actions import record
from submissions.entries.actions import take_from_reader
from submissions.entries.models import Submission
from theme.refusal import Refused


def _own(user: User, assignment: Assignment) -> Assignment:
    """The assignment, locked; refused to who may not score it now."""
    found = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    may, is_open = rules.standing(user, found)
    if not may:
        raise Refused(
            _("This submission is no longer yours to judge; nothing was stored."),
            code="ballot.not_yours",
        )
    if not is_open:
        raise Refused(_("Judging is closed."), code="judging.closed")
    return found


@transaction.atomic
def skip(user: User, assignment: Assignment, *, reason: Skip.Reason) -> Skip:
    """Not now: it goes to the end of the desk."""
    found = _own(user, assignment)
    made = Skip.objects.create(assignment=found, reason=reason)
    record(user, "skip", found, reason=reason.value)
    return made


@transaction.atomic
def abstain(user: User, assignment: Assignment, *, words: str = "") -> Skip:
    """Gives it back for good, without a conflict; what was scored so far does not count."""
    found = _own(user, assignment)
    made = Skip.objects.create(assignment=found, reason=Skip.Reason.ABSTAINED, words=words)
    found.dropped = True
    found.save(update_fields=["dropped"])
    take_from_reader(user, found.submission, user=user)
    record(user, "abstain", found, words=words)
    return made


@transaction.atomic
def flag(user: User, assignment: Assignment, *, kind: Flag.Kind, words: str = "") -> Flag:
    """Tells the organizers; it stays on the desk."""
    found = _own(user, assignment)
    told = {"words": words, "settled_at": None}
    made, _created = Flag.objects.update_or_create(assignment=found, kind=kind, defaults=told)
    record(user, "flag", found, kind=kind.value, words=words)
    return made


@transaction.atomic
def settle(user: User, flag: Flag) -> Flag:
    """An organizer has seen to it."""
    submission = flag.assignment.submission
    if not can_run(user, submission.event) or has_interest(user, submission.track):
        raise Refused(_("Only organizers see to this."), code="flag.not_yours")
    flag.settled_at = Now()
    flag.save(update_fields=["settled_at"])
    record(user, "settle_flag", flag.assignment, kind=flag.kind)
    return flag


@transaction.atomic
def remark(user: User, submission: Submission, *, text: str) -> Remark:
    """Says something to the other judges of a submission."""
    if not rules.can_discuss(user, submission):
        raise Refused(
            _("Submit your own score sheet first; then you can discuss it with the others."),
            code="discussion.not_yours",
        )
    if not text.strip():
        raise Refused(_("Write something first."), code="discussion.empty")
    made = Remark.objects.create(submission=submission, author=user, text=text.strip())
    record(user, "remark", submission, remark=made.pk)
    return made


@transaction.atomic
def score_example(user: User, example: Example, *, scores: dict[int, int]) -> None:
    """What a judge would give a made-up submission; it counts for nothing."""
    criteria = {c.pk: c for c in example.event.criteria.filter(track__isnull=True)}
    odd = any(pk not in criteria or not 1 <= v <= criteria[pk].steps for pk, v in scores.items())
    if odd or set(criteria) - set(scores):
        raise Refused(_("Choose a step for each criterion."), code="example.incomplete")
    if not rules.can_train(user, example.event):
        raise Refused(_("Only judges score the examples."), code="example.not_yours")
    for pk, value in scores.items():
        ExampleScore.objects.update_or_create(
            example=example, judge=user, criterion_id=pk, defaults={"value": value}
        )
    record(user, "score_example", example.event, example=example.pk)


def counted_ballots(submission: Submission) -> list[Ballot]:
    """What judges who have submitted may see of each other, in an order that names nobody."""
    found = Ballot.objects.counted().filter(assignment__submission=submission)
    return list(found.order_by("submitted_at").prefetch_related("scores__criterion"))
