"""The deadline: what happens to drafts when it strikes, and who may still write after it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Phase
from events.rules import can_run
from notices.actions import record
from submissions.entries import receipts, rules, windows
from submissions.entries.handing_in import hand_in
from submissions.entries.models import EntryType, Reopening, Submission
from theme.refusal import Refused


@transaction.atomic
def reopen(user: User, submission: Submission, *, until: datetime, reason: str) -> Reopening:
    """Lets the authors of one submission change it until a time."""
    if not can_run(user, submission.event):
        raise Refused(_("Only organizers reopen a submission."), code="submission.not_yours")
    if until <= timezone.now():
        raise Refused(_("Choose a time that is still to come."), code="reopening.past")
    if not reason.strip():
        raise Refused(_("Say why: the reason is kept with it."), code="reopening.no_reason")
    made = submission.reopenings.create(until=until, reason=reason.strip(), granted_by=user)
    record(user, "reopen", submission, until=until.isoformat(), reason=made.reason)
    receipts.tell(submission, "reopened", cause=f"reopened:{made.pk}", until=until)
    return made


def strike() -> None:
    """Deals with the drafts of every type whose deadline, grace included, has passed. May run twice
    at once, and again: a type remembers the deadline it was dealt with for."""
    for entry_type in _struck():
        _settle(entry_type.pk)


def _struck() -> list[EntryType]:
    own = EntryType.objects.filter(closes_at__lte=Now() - F("grace"))
    phases = Phase.objects.filter(kind=Phase.Kind.SUBMISSION, closes_at__lte=Now() - F("grace"))
    following = EntryType.objects.filter(closes_at__isnull=True, event__in=phases.values("event"))
    due = EntryType.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=following.values("pk")))
    due = due.filter(event__state=Event.State.PUBLISHED).select_related("event")
    return [kind for kind in due if kind.settled_for != _passed(kind)]


def _closes_at(entry_type: EntryType) -> datetime | None:
    window = entry_type.closing()
    return window.closes_at if window else None


def _passed(entry_type: EntryType) -> datetime | None:
    """The last moment at which drafts of this type closed: the deadline, or the end of time that
    some were given beyond it. When another such end passes, there is something to deal with again.
    """
    over = {"until__lte": Now()}
    given = windows.granted(entry_type).filter(**over).aggregate(last=Max("until"))["last"]
    drafts = entry_type.submissions.filter(state=Submission.State.DRAFT)
    reopened = Reopening.objects.filter(submission__in=drafts.values("pk"), **over)
    again = reopened.aggregate(last=Max("until"))["last"]
    return max((time for time in (_closes_at(entry_type), given, again) if time), default=None)


@transaction.atomic
def _settle(pk: int) -> None:
    entry_type = EntryType.objects.select_for_update(of=("self",)).get(pk=pk)
    passed = _passed(entry_type)
    if entry_type.settled_for == passed:
        return
    drafts = entry_type.submissions.filter(state=Submission.State.DRAFT)
    for draft in drafts.select_for_update(of=("self",)).order_by("pk"):
        draft.entry_type = entry_type
        if not rules.is_writable(draft):
            _settle_draft(draft, _closes_at(entry_type))
    entry_type.settled_for = passed
    entry_type.save(update_fields=["settled_for"])


def _settle_draft(draft: Submission, closed_at: datetime | None) -> None:
    """Hands in what is complete where the event says so; the authors are told either way."""
    cause = f"deadline:{draft.pk}:{closed_at}"
    if draft.entry_type.at_deadline == EntryType.AtDeadline.KEEP:
        receipts.tell(draft, "kept", cause=cause, missing="")
        return
    try:
        with transaction.atomic():
            hand_in(None, draft)
    except Refused as refused:
        receipts.tell(draft, "kept", cause=cause, missing=str(refused))
