"""What organizers do with the panel, and how a judge declares an interest."""

from collections.abc import Sequence

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from events import actions as events
from events.models import Event, Role
from judging.panel import rules
from judging.panel.balance import balance
from judging.panel.criteria import REFERENCE
from judging.panel.models import Assignment, Conflict, Criterion
from notices.actions import record
from submissions.entries.actions import give_to_read, take_from_reader
from submissions.entries.models import Submission
from theme.refusal import Refused


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
    return _seat(user, submission, judge)


def _seat(user: User, submission: Submission, judge: User) -> Assignment:
    assignment, created = Assignment.objects.get_or_create(
        judge=judge, submission=submission, defaults={"created_by": user}
    )
    if created:
        give_to_read(user, submission, to=judge)
        record(user, "assign", assignment, judge=judge.pk, submission=str(submission.pk))
    return assignment


@transaction.atomic
def assign_all(user: User, event: Event, *, reviews: int, seed: int = 0) -> list[Assignment]:
    """Brings every submission to so many reviews, loads even, no conflicts; what stands, stays."""
    _refuse_unless_running(user, event)
    # Locked: two organizers who press the button at once do not assign twice over.
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    judges = list(User.objects.filter(roles__event=event, roles__kind=Role.Kind.JUDGE))
    submissions = list(event.submissions.submitted().select_related("event", "team"))
    if not judges or not submissions:
        raise Refused(
            _("There must be a judge and a submission before anything can be assigned."),
            code="assignment.nothing",
        )
    allowed, assigned = _tables(event, submissions, judges)
    new = balance(allowed, assigned, each=reviews, seed=seed)
    # The tables hold what `assign` would ask for each pair.
    return [_seat(user, submissions[row], judges[column]) for row, column in np.argwhere(new)]


def _tables(
    event: Event, submissions: Sequence[Submission], judges: Sequence[User]
) -> tuple[np.ndarray, np.ndarray]:
    """(allowed, assigned), each (submissions, judges)."""
    row = {submission.pk: place for place, submission in enumerate(submissions)}
    column = {judge.pk: place for place, judge in enumerate(judges)}
    allowed = np.ones((len(row), len(column)), dtype=bool)
    assigned = ~allowed
    conflicts = Conflict.objects.filter(submission__event=event)
    seats = event.memberships.filter(team__submissions__in=row)
    for judge, submission in [
        *conflicts.values_list("judge_id", "submission_id"),
        *seats.values_list("user_id", "team__submissions__pk"),
    ]:
        if judge in column and submission in row:
            allowed[row[submission], column[judge]] = False
    standing = Assignment.objects.of(event).active()
    for judge, submission in standing.values_list("judge_id", "submission_id"):
        assigned[row[submission], column[judge]] = True
    return allowed, assigned


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
