"""Who holds a submission or its deadline while something is decided, and what they are refused."""

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from events.actions import hold_phase
from events.models import Phase, Team
from submissions.entries import rules
from submissions.entries.models import EntryType, Submission
from theme.refusal import Refused


def hold_deadline(entry_type: EntryType) -> None:
    """Whoever moves the deadline waits until this transaction ends (B82)."""
    hold_phase(entry_type.event, Phase.Kind.SUBMISSION)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM entries_entrytype WHERE id = %s FOR SHARE", [entry_type.pk]
            )


def closed() -> Refused:
    return Refused(
        _("Submissions are closed. Your draft is kept as you saved it last."),
        code="deadline.passed",
    )


def locked(user: User, submission: Submission, *, late: bool = False) -> Submission:
    """The row, locked, if this person may write to it now (or, with `late`, at any time)."""
    rows = Submission.objects.select_for_update(of=("self",))
    found = rows.select_related("event", "entry_type", "track").get(pk=submission.pk)
    found.entry_type.event = found.event
    if not rules.is_author(user, found):
        raise Refused(
            _("Only those who wrote it can change a submission."), code="submission.not_yours"
        )
    hold_deadline(found.entry_type)
    if not late and not rules.is_writable(found):
        raise closed()
    return found


def lock_person(user: User) -> None:
    """Counting under a lock: two requests of one person cannot both be the last that is allowed."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def refuse_beyond_limits(user: User, entry_type: EntryType, team: Team | None) -> None:
    held = entry_type.submissions.exclude(state=Submission.State.WITHDRAWN)
    if team and entry_type.per_team is not None:
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        _refuse_from(entry_type.per_team, held.filter(team=team).count(), _("Your team has"))
    if entry_type.per_person is not None:
        _refuse_from(entry_type.per_person, held.own(user).count(), _("You have"))


def _refuse_from(limit: int, held: int, who: str) -> None:
    if held >= limit:
        raise Refused(
            _("%(who)s %(held)d already, and %(limit)d is the most; withdraw one first.")
            % {"who": who, "held": held, "limit": limit},
            code="submission.too_many",
        )
