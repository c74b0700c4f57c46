"""What a judge does with a score sheet: save, submit, take back."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from judging.ballots import rules
from judging.ballots.models import Ballot, Score
from judging.panel.models import Assignment, Criterion
from notices.actions import record
from theme.refusal import Refused

Scores = Mapping[int, int]  # step by the criterion's id; a criterion left out is not scored


@transaction.atomic
def save_draft(
    user: User,
    assignment: Assignment,
    *,
    scores: Scores,
    comment: str = "",
    note: str = "",
    version: int = 0,
) -> Ballot:
    """Keeps what is there so far. `version` is that of the ballot the judge has before them, 0 for
    none; another one is refused, so that two tabs do not overwrite each other (B88)."""
    ballot = _locked(user, assignment, version)
    if ballot.is_submitted:
        raise Refused(
            _("This score sheet is submitted already. Submit it again to change it."),
            code="ballot.submitted",
        )
    return _write(user, ballot, scores=scores, comment=comment, note=note)


@transaction.atomic
def submit(
    user: User,
    assignment: Assignment,
    *,
    scores: Scores,
    comment: str = "",
    note: str = "",
    version: int = 0,
) -> Ballot:
    """From now on it counts; until judging closes it can be submitted again with other scores."""
    ballot = _locked(user, assignment, version)
    unscored = assignment.event.criteria.exclude(pk__in=scores)
    if unscored:
        raise Refused(
            _("Still to score: %(names)s.") % {"names": ", ".join(c.name for c in unscored)},
            code="ballot.incomplete",
        )
    ballot.state, ballot.submitted_at = Ballot.State.SUBMITTED, Now()
    return _write(user, ballot, scores=scores, comment=comment, note=note)


@transaction.atomic
def reopen(user: User, assignment: Assignment, *, version: int) -> Ballot:
    """Takes a submitted sheet back into a draft: it does not count until it is submitted again."""
    ballot = _locked(user, assignment, version)
    ballot.state, ballot.submitted_at = Ballot.State.DRAFT, None
    ballot.version += 1
    ballot.save()
    record(user, "reopen_ballot", ballot, version=ballot.version)
    return ballot


def _locked(user: User, assignment: Assignment, version: int) -> Ballot:
    """The ballot, its assignment locked: whoever publishes waits for this save, or it for them."""
    Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if not rules.can_score(user, assignment):
        raise Refused(
            _("This submission is no longer yours to judge; nothing was stored."),
            code="ballot.not_yours",
        )
    if not rules.is_judging_open(assignment.event):
        raise Refused(
            _("Judging is closed. What you had saved before is kept."), code="judging.closed"
        )
    ballot = Ballot.objects.filter(assignment=assignment).first() or Ballot(assignment=assignment)
    if ballot.version != version:
        raise Refused(
            _("You saved this score sheet in another tab meanwhile. What you chose here is still "
              "here: compare it with what is stored, then save again."),
            code="ballot.stale",
        )  # fmt: skip
    return ballot


def _write(user: User, ballot: Ballot, *, scores: Scores, comment: str, note: str) -> Ballot:
    _refuse_odd(ballot, scores)
    ballot.comment, ballot.private_note = comment, note
    ballot.version += 1
    ballot.saved_at = Now()
    ballot.save()
    ballot.scores.exclude(criterion__in=scores).delete()
    Score.objects.bulk_create(
        [Score(ballot=ballot, criterion_id=pk, value=value) for pk, value in scores.items()],
        update_conflicts=True,
        unique_fields=["ballot", "criterion"],
        update_fields=["value"],
    )
    verb = "submit_ballot" if ballot.is_submitted else "save_ballot"
    record(
        user, verb, ballot, version=ballot.version, scores={str(k): v for k, v in scores.items()}
    )
    ballot.refresh_from_db()
    return ballot


def _refuse_odd(ballot: Ballot, scores: Scores) -> None:
    steps = dict(Criterion.objects.filter(event=ballot.event).values_list("pk", "steps"))
    if any(not 1 <= value <= steps.get(pk, 0) for pk, value in scores.items()):
        raise Refused(
            _("One of the scores is not on its scale; choose one of the steps shown."),
            code="ballot.odd_score",
        )
