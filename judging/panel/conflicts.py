"""Declaring, finding and lifting conflicts of interest."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.panel import interests, rules
from judging.panel.models import Conflict
from notices.actions import record
from submissions.entries.actions import give_to_read, take_from_reader
from submissions.entries.models import Reader, Submission
from theme.refusal import Refused

Source = Conflict.Source


@transaction.atomic
def declare_conflict(
    user: User, submission: Submission, *, judge: User, reason: str = ""
) -> Conflict:
    """From now on the judge sees no more of it; given scores are kept and do not count (B89)."""
    if not rules.can_declare(user, submission, judge):
        raise Refused(_("You cannot note this conflict."), code="conflict.not_yours")
    source = Source.JUDGE if user.pk == judge.pk else Source.ORGANIZER
    told = {"reason": reason, "declared_by": user, "source": source, "lifted_at": None}
    conflict, created = Conflict.objects.get_or_create(
        judge=judge, submission=submission, defaults=told
    )
    if not created and (conflict.lifted_at or source == Source.JUDGE):
        for name, value in told.items():
            setattr(conflict, name, value)
        conflict.save()
        created = True
    if created:
        record(user, "declare_conflict", conflict, judge=judge.pk, submission=str(submission.pk))
    take_from_reader(user, submission, user=judge)
    return conflict


@transaction.atomic
def note_found(user: User | None, event: Event) -> int:
    """Notes what can be found (`interests`); what an organizer has lifted stays lifted.

    Called before anything is assigned; returns how many are new."""
    known = set(
        Conflict.objects.filter(submission__event=event).values_list("judge_id", "submission_id")
    )
    new = [i for i in interests.find(event) if (i.judge, i.submission) not in known]
    Conflict.objects.bulk_create(
        [
            Conflict(
                judge_id=i.judge,
                submission_id=i.submission,
                source=i.source,
                reason=i.reason[:300],
            )
            for i in new
        ],
        ignore_conflicts=True,
    )
    for interest in new:
        reading = Reader.objects.filter(
            submission_id=interest.submission,
            user_id=interest.judge,
        )
        reading.delete()
    if new:
        told = [[i.judge, str(i.submission), i.source.value] for i in new]
        record(user, "find_conflicts", event, found=told)
    return len(new)


@transaction.atomic
def find_conflicts(user: User, event: Event) -> int:
    if not rules.can_set_up(user, event):
        raise Refused(_("Only organizers set up the panel."), code="panel.not_yours")
    return note_found(user, event)


@transaction.atomic
def lift_conflict(user: User, conflict: Conflict) -> Conflict:
    """An organizer decides that it is none: the same university, two thousand people."""
    if not rules.can_lift(user, conflict):
        raise Refused(
            _("You cannot lift this conflict: the judge declared it, or you have one yourself."),
            code="conflict.not_yours",
        )
    conflict.lifted_at = Now()
    conflict.save(update_fields=["lifted_at"])
    record(user, "lift_conflict", conflict, judge=conflict.judge_id)
    assigned = conflict.submission.assignments.filter(judge=conflict.judge)
    if assigned.exists() and rules.can_judge(conflict.judge, conflict.submission):
        give_to_read(user, conflict.submission, to=conflict.judge)
    conflict.refresh_from_db()
    return conflict
