"""What organizers do with the panel, and how a judge declares an interest."""

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from events import actions as events
from events.models import Event, Role
from judging.panel import rules
from judging.panel.balance import balance
from judging.panel.connect import connect
from judging.panel.criteria import REFERENCE
from judging.panel.models import Assignment, Conflict, Criterion
from judging.panel.pairs import read_pairs
from notices.actions import record
from submissions.entries.actions import give_to_read, take_from_reader
from submissions.entries.models import Submission
from theme.refusal import Refused

Reason = Assignment.Reason


def _refuse_unless_running(user: User, event: Event) -> None:
    if not rules.can_set_up(user, event):
        raise Refused(_("Only organizers set up the panel."), code="panel.not_yours")


@transaction.atomic
def use_reference_criteria(user: User, event: Event) -> list[Criterion]:
    """The four criteria of the reference hackathon, for an event that has none yet."""
    _refuse_unless_running(user, event)
    if event.criteria.exists():
        raise Refused(
            _("This event has criteria already; change those instead."), code="criteria.exist"
        )
    made = [
        event.criteria.create(
            name=str(name),
            question=str(question),
            anchors=[str(word) for word in anchors],
            position=position,
        )
        for position, (name, question, anchors) in enumerate(REFERENCE)
    ]
    record(user, "use_reference_criteria", event)
    return made


@transaction.atomic
def save_criterion(user: User, criterion: Criterion) -> Criterion:
    """Adds or changes one, until judging opens."""
    if not rules.can_change_criteria(user, criterion.event):
        raise Refused(
            _("Judging has begun, so its criteria stay as they are."), code="criteria.fixed"
        )
    try:
        with transaction.atomic():
            criterion.save()
    except IntegrityError:
        raise Refused(
            _("A criterion named “%(name)s” exists already.") % {"name": criterion.name},
            code="criteria.name_taken",
        ) from None
    record(user, "save_criterion", criterion, weight=criterion.weight, steps=criterion.steps)
    return criterion


@transaction.atomic
def add_judge(user: User, event: Event, *, email: str) -> Role:
    """Makes a judge of somebody who has an account here."""
    _refuse_unless_running(user, event)
    judge = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if judge is None:
        raise Refused(
            _("Nobody with the address %(email)s has an account yet; ask them to sign up first.")
            % {"email": email},
            code="judge.unknown",
        )
    return events.grant_role(user, event, to=judge, kind=Role.Kind.JUDGE)


@transaction.atomic
def assign(user: User, submission: Submission, *, judge: User) -> Assignment:
    """Gives a submission to a judge to read and score; twice changes nothing."""
    _refuse_unless_running(user, submission.event)
    if submission.state != Submission.State.SUBMITTED:
        raise Refused(
            _("%(submission)s is not handed in.") % {"submission": submission},
            code="assignment.not_submitted",
        )
    if not rules.can_judge(judge, submission):
        raise Refused(
            _("%(judge)s cannot judge %(submission)s: not a judge of this event, or an interest.")
            % {"judge": judge, "submission": submission},
            code="assignment.conflict",
        )
    return send(user, submission, judge=judge, reason=Reason.HAND)


def send(
    user: User, submission: Submission, *, judge: User, reason: Assignment.Reason
) -> Assignment:
    """For verbs that have checked who may: the judge's to read and score; twice changes nothing."""
    assignment, created = Assignment.objects.get_or_create(
        judge=judge, submission=submission, defaults={"created_by": user, "reason": reason}
    )
    if created:
        give_to_read(user, submission, to=judge)
        told = {"judge": judge.pk, "submission": str(submission.pk), "reason": reason.value}
        record(user, "assign", assignment, **told)
    return assignment


def lock(event: Event) -> None:
    """Whoever assigns by what is assigned already waits here for the others, until the commit."""
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)


@transaction.atomic
def assign_all(user: User, event: Event, *, reviews: int, seed: int = 0) -> list[Assignment]:
    """Brings every submission to so many reviews, loads even, no conflicts; what stands, stays.

    Judges come out connected where that is possible, if need be by a few reviews more: `connect`.
    """
    _refuse_unless_running(user, event)
    lock(event)
    pairs = read_pairs(event)
    if not pairs.judges or not pairs.submissions:
        raise Refused(
            _("There must be a judge and a submission before anything can be assigned."),
            code="assignment.nothing",
        )
    new = balance(pairs.allowed, pairs.assigned, each=reviews, seed=seed)
    new = connect(new, pairs.allowed, pairs.assigned)
    # The tables hold what `assign` would ask for each pair.
    return [
        send(user, pairs.submissions[row], judge=pairs.judges[column], reason=Reason.EVEN)
        for row, column in np.argwhere(new)
    ]


@transaction.atomic
def unassign(user: User, assignment: Assignment) -> None:
    """Takes an assignment back that has no ballot yet."""
    _refuse_unless_running(user, assignment.event)
    record(user, "unassign", assignment, submission=str(assignment.submission_id))
    take_from_reader(user, assignment.submission, user=assignment.judge)
    try:
        with transaction.atomic():
            assignment.delete()
    except ProtectedError:
        raise Refused(
            _("%(judge)s has begun to score it. If there is an interest, note a conflict instead.")
            % {"judge": assignment.judge},
            code="assignment.has_ballot",
        ) from None


@transaction.atomic
def declare_conflict(
    user: User, submission: Submission, *, judge: User, reason: str = ""
) -> Conflict:
    """From now on the judge sees no more of it; given scores are kept and do not count (B89)."""
    if not rules.can_declare(user, submission, judge):
        raise Refused(_("You cannot note this conflict."), code="conflict.not_yours")
    conflict, created = Conflict.objects.get_or_create(
        judge=judge, submission=submission, defaults={"reason": reason, "declared_by": user}
    )
    if created:
        record(user, "declare_conflict", conflict, judge=judge.pk, submission=str(submission.pk))
    take_from_reader(user, submission, user=judge)
    return conflict
