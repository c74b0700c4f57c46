"""What a judge does with a score sheet: save, submit, take back."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from judging.ballots import rules
from judging.ballots.models import Ballot, Score
from judging.panel.models import Assignment, Criterion
from notices.actions import record
from theme.refusal import Refused

# Step by the criterion's id, None for "cannot judge"; a criterion left out is not answered yet.
Scores = Mapping[int, int | None]
LONGEST = 15 * 60  # seconds between two saves that count as spent on the sheet


@dataclass(frozen=True)
class Sheet:
    """What a judge hands over. `version` is that of the ballot the judge has before them, 0 for
    none; another one is refused, so that two tabs do not overwrite each other (B88). `opened`:
    when the page was, by the server's clock, in seconds since 1970."""

    scores: Scores
    comment: str = ""
    note: str = ""
    to_organizers: str = ""
    version: int = 0
    opened: float | None = None


@transaction.atomic
def save_draft(user: User, assignment: Assignment, **told: Any) -> Ballot:
    """Keeps what is there so far; takes the fields of `Sheet`."""
    sheet = Sheet(**told)
    ballot = _locked(user, assignment, sheet.version)
    if ballot.is_submitted:
        raise Refused(
            _("This score sheet is submitted already. Submit it again to change it."),
            code="ballot.submitted",
        )
    return _write(user, ballot, sheet, _asked(assignment))


@transaction.atomic
def submit(user: User, assignment: Assignment, **told: Any) -> Ballot:
    """From now on it counts; until judging closes it can be submitted again with other scores.
    Takes the fields of `Sheet`."""
    sheet = Sheet(**told)
    ballot = _locked(user, assignment, sheet.version)
    asked = _asked(assignment)
    if unscored := [criterion.name for pk, criterion in asked.items() if pk not in sheet.scores]:
        raise Refused(
            _("Still to score: %(names)s.") % {"names": ", ".join(unscored)},
            code="ballot.incomplete",
        )
    if all(value is None for value in sheet.scores.values()):
        raise Refused(
            _("You cannot judge any of it? Then abstain: somebody else will read it."),
            code="ballot.empty",
        )
    ballot.state, ballot.submitted_at = Ballot.State.SUBMITTED, Now()
    return _write(user, ballot, sheet, asked)


@transaction.atomic
def reopen(user: User, assignment: Assignment, *, version: int) -> Ballot:
    """Takes a submitted sheet back into a draft: it does not count until it is submitted again."""
    ballot = _locked(user, assignment, version)
    scores = ballot.scores.values_list("criterion", "value")
    ballot.state, ballot.submitted_at = Ballot.State.DRAFT, None
    ballot.version += 1
    ballot.save()
    keep_version(ballot, {str(pk): value for pk, value in scores})
    record(user, "reopen_ballot", ballot, version=ballot.version)
    return ballot


def _locked(user: User, assignment: Assignment, version: int) -> Ballot:
    """The ballot, its assignment locked: whoever publishes waits for this save, or it for them."""
    locked = Assignment.objects.select_for_update(of=("self",)).filter(pk=assignment.pk)
    locked.values_list("pk").get()
    may, is_open = rules.standing(user, assignment)
    if not may:
        raise Refused(
            _("This submission is no longer yours to judge; nothing was stored."),
            code="ballot.not_yours",
        )
    if not is_open:
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


def _asked(assignment: Assignment) -> dict[int, Criterion]:
    return {c.pk: c for c in Criterion.objects.asked_of(assignment.submission)}


def _write(user: User, ballot: Ballot, sheet: Sheet, asked: Mapping[int, Criterion]) -> Ballot:
    _refuse_odd(asked, sheet.scores)
    ballot.seconds += _spent(ballot, sheet.opened)
    ballot.comment, ballot.private_note = sheet.comment, sheet.note
    ballot.to_organizers = sheet.to_organizers
    ballot.version += 1
    ballot.saved_at = Now()
    is_new = ballot.pk is None
    ballot.save()
    if not is_new:
        ballot.scores.exclude(criterion__in=sheet.scores).delete()
    Score.objects.bulk_create(
        [Score(ballot=ballot, criterion_id=pk, value=value) for pk, value in sheet.scores.items()],
        update_conflicts=True,
        unique_fields=["ballot", "criterion"],
        update_fields=["value"],
    )
    told = {str(pk): value for pk, value in sheet.scores.items()}
    keep_version(ballot, told)
    verb = "submit_ballot" if ballot.is_submitted else "save_ballot"
    record(user, verb, ballot, version=ballot.version, scores=told)
    ballot.refresh_from_db()
    return ballot


def keep_version(ballot: Ballot, scores: dict[str, int | None]) -> None:
    """Every change is kept; ``scores`` by the criterion's id."""
    ballot.versions.create(
        number=ballot.version,
        state=ballot.state,
        scores=scores,
        comment=ballot.comment,
        to_organizers=ballot.to_organizers,
    )


def _spent(ballot: Ballot, opened: float | None) -> int:
    """Seconds since the page was opened or the sheet last saved, whichever was later."""
    if opened is None:
        return 0
    last = ballot.saved_at.timestamp() if ballot.pk else 0.0
    return int(min(max(time.time() - max(opened, last), 0), LONGEST))


def _refuse_odd(asked: Mapping[int, Criterion], scores: Scores) -> None:
    if not all(pk in asked and _is_answer(asked[pk], value) for pk, value in scores.items()):
        raise Refused(
            _("One of the scores is not on its scale; choose one of the steps shown."),
            code="ballot.odd_score",
        )


def _is_answer(criterion: Criterion, value: int | None) -> bool:
    return criterion.optional if value is None else 1 <= value <= criterion.steps
