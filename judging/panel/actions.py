"""What organizers do with the panel, and how a judge declares an interest."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.panel import rules
from judging.panel.conflicts import note_found
from judging.panel.criteria import REFERENCE
from judging.panel.models import (
    Assignment,
    Criterion,
    Example,
    Panel,
    Spot,
    panel_of,
)
from notices.actions import record
from submissions.entries.actions import give_to_read, take_from_reader
from submissions.entries.models import Submission
from theme.refusal import Refused

Reason = Assignment.Reason


def refuse_unless_running(user: User, event: Event) -> None:
    if not rules.can_set_up(user, event):
        raise Refused(_("Only organizers set up the panel."), code="panel.not_yours")


@transaction.atomic
def use_reference_criteria(user: User, event: Event) -> list[Criterion]:
    """The four criteria of the reference hackathon, for an event that has none yet."""
    refuse_unless_running(user, event)
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
def remove_criterion(user: User, criterion: Criterion) -> None:
    if not rules.can_change_criteria(user, criterion.event):
        raise Refused(
            _("Judging has begun, so its criteria stay as they are."), code="criteria.fixed"
        )
    record(user, "remove_criterion", criterion, name=criterion.name)
    try:
        with transaction.atomic():
            criterion.delete()
    except ProtectedError:
        raise Refused(
            _("“%(name)s” has scores already; give it the weight 0 instead.")
            % {"name": criterion.name},
            code="criteria.scored",
        ) from None


@transaction.atomic
def set_up(user: User, event: Event, **settings: Any) -> Panel:
    """How the event judges: the fields of Panel."""
    refuse_unless_running(user, event)
    panel = panel_of(event)
    for name, value in settings.items():
        setattr(panel, name, value)
    panel.save()
    record(user, "set_up_panel", panel, **settings)
    return panel


@transaction.atomic
def freeze(user: User, event: Event, *, frozen: bool) -> Panel:
    """Ends judging before its time, or lets it go on: a score saved meanwhile is refused (B88)."""
    refuse_unless_running(user, event)
    lock(event)
    # Each save of a ballot holds the lock of its assignment.
    list(Assignment.objects.of(event).select_for_update(of=("self",)).order_by("pk"))
    panel = panel_of(event)
    panel.frozen_at = Now() if frozen else None
    panel.save()
    record(user, "freeze" if frozen else "unfreeze", panel)
    panel.refresh_from_db()
    return panel


@transaction.atomic
def save_examples(user: User, event: Event, *, examples: list[tuple[str, str]]) -> list[Example]:
    """The made-up submissions by which judges find their scale, (title, text) each, at most three;
    scores of those that change are dropped."""
    refuse_unless_running(user, event)
    if len(examples) > Example.MOST:
        raise Refused(_("Three examples are enough."), code="examples.many")
    kept = []
    for position, (title, text) in enumerate(examples, start=1):
        told = {"title": title, "text": text}
        found = event.examples.filter(position=position, **told).first()
        if found is None:
            event.examples.filter(position=position).delete()
            found = event.examples.create(position=position, **told)
        kept.append(found)
    event.examples.filter(position__gt=len(examples)).delete()
    record(user, "save_examples", event, count=len(kept))
    return kept


@transaction.atomic
def number_spots(user: User, event: Event) -> int:
    """Gives everything handed in a place on the floor, category by category; returns how many.

    Who has a place keeps it."""
    refuse_unless_running(user, event)
    lock(event)
    taken = set(Spot.objects.filter(submission__event=event).values_list("number", flat=True))
    without = event.submissions.submitted().filter(spot__isnull=True)
    free = (number for number in range(1, 65_000) if number not in taken)
    made = [
        Spot(submission=submission, number=next(free))
        for submission in without.order_by("track__position", "track_id", "title")
    ]
    Spot.objects.bulk_create(made)
    record(user, "number_spots", event, count=len(made))
    return len(made)


@transaction.atomic
def assign(user: User, submission: Submission, *, judge: User) -> Assignment:
    """Gives a submission to a judge to read and score; twice changes nothing."""
    refuse_unless_running(user, submission.event)
    if submission.state != Submission.State.SUBMITTED:
        raise Refused(
            _("%(submission)s is not handed in.") % {"submission": submission},
            code="assignment.not_submitted",
        )
    note_found(user, submission.event)
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
def unassign(user: User, assignment: Assignment) -> None:
    """Takes an assignment back that has no ballot yet."""
    refuse_unless_running(user, assignment.event)
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
