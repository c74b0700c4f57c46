"""What becomes of talks, posters and proposals: first drafted, then released with mails, then
confirmed or declined by the authors."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from events.rules import can_run
from notices.actions import record
from submissions.entries import receipts, rules
from submissions.entries.models import Decision, DraftDecision, Submission
from theme.refusal import Refused


def _locked(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("entry_type", "event")
    return rows.get(pk=submission.pk)


@transaction.atomic
def move(user: User, submission: Submission, *, to: str) -> Submission:
    """One step of the table; Refused where it has none, and for whom the step is not."""
    found = _locked(submission)
    _refuse_step(found, to)
    if not rules.can_move(user, found, to):
        raise Refused(_("This is not yours to decide."), code="decision.not_yours")
    was, found.decision = found.decision, to
    found.save(update_fields=["decision"])
    record(user, "move", found, was=was, to=to)
    return found


def _refuse_step(submission: Submission, to: str) -> None:
    if to not in Decision:
        raise Refused(_("Choose one of the decisions."), code="decision.unknown")
    if not rules.can_follow(submission, to):
        words = {
            "title": submission,
            "standing": submission.standing.lower(),
            "to": str(Decision(to).label).lower(),
        }
        raise Refused(
            _("“%(title)s” is %(standing)s; that cannot become %(to)s.") % words,
            code="decision.no_such_step",
        )


@transaction.atomic
def draft_decision(user: User, submission: Submission, *, decision: str) -> DraftDecision | None:
    """Notes what the organizers mean to decide; nobody else sees it. "" takes the note back."""
    found = _locked(submission)
    if not rules.can_decide(user, found):
        raise Refused(_("This is not yours to decide."), code="decision.not_yours")
    if not decision:
        DraftDecision.objects.filter(submission=found).delete()
        record(user, "drop_draft_decision", found)
        return None
    _refuse_step(found, decision)
    draft, _created = DraftDecision.objects.update_or_create(
        submission=found, defaults={"decision": decision, "decided_by": user}
    )
    record(user, "draft_decision", found, decision=decision)
    return draft


@transaction.atomic
def draft_many(user: User, submissions: Iterable[Submission], *, decision: str) -> None:
    """All of them or, if one cannot be decided so, none."""
    for one in submissions:
        draft_decision(user, one, decision=decision)


@transaction.atomic
def move_many(user: User, submissions: Iterable[Submission], *, to: str) -> None:
    for one in submissions:
        move(user, one, to=to)


@transaction.atomic
def release(user: User, event: Event, *, only: Iterable[Submission] | None = None) -> int:
    """Makes all draft decisions (of `only`, if given) decisions, with a mail to each author;
    returns how many. Either all are released or none."""
    if not can_run(user, event):
        raise Refused(_("Only organizers release decisions."), code="decision.not_yours")
    drafts = DraftDecision.objects.filter(submission__event=event).select_for_update(of=("self",))
    if only is not None:
        drafts = drafts.filter(submission__in=[one.pk for one in only])
    held = list(drafts.select_related("submission").order_by("submission_id"))
    for draft in held:
        cause = f"decision:{draft.pk}"
        decided = move(user, draft.submission, to=draft.decision)
        draft.delete()
        receipts.tell(
            decided,
            "decision",
            cause=cause,
            code=decided.decision,
            decision=decided.get_decision_display(),
        )
    if held:
        record(user, "release_decisions", event, count=len(held))
    return len(held)


def confirm(user: User, submission: Submission) -> Submission:
    """The authors take the place they were offered."""
    return move(user, submission, to=Decision.CONFIRMED)


def decline(user: User, submission: Submission) -> Submission:
    return move(user, submission, to=Decision.DECLINED)
