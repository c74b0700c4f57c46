"""Which of two is better: answers, overall or by each criterion."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.ballots import rules
from judging.ballots.models import Comparison
from judging.panel.models import Criterion
from judging.panel.rules import has_conflict
from notices.actions import record
from submissions.entries.models import Submission
from theme.refusal import Refused


@transaction.atomic
def compare(
    user: User,
    one: Submission,
    other: Submission,
    *,
    better: Submission | None,
    criterion: Criterion | None = None,
) -> Comparison:
    """Which of two is better, None for a judge who cannot tell; a second answer replaces the first.

    Refused where the judge may not read either of them.
    """
    event = one.event
    if not rules.can_compare(user, event):
        raise Refused(_("Comparing is closed."), code="judging.closed")
    if other.event_id != event.pk or one == other or better not in (None, one, other):
        raise Refused(_("These two cannot be compared."), code="comparison.odd")
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)  # publishing waits, or we do
    for submission in (one, other):
        handed_in = submission.state == Submission.State.SUBMITTED
        if has_conflict(user, submission) or not handed_in:
            raise Refused(
                _("You may not judge one of these two; nothing was stored."),
                code="comparison.conflict",
            )
    first, second = sorted((one, other), key=lambda submission: submission.pk)
    made, _created = Comparison.objects.update_or_create(
        event=event,
        judge=user,
        one=first,
        other=second,
        criterion=criterion,
        defaults={"better": better, "at": Now()},
    )
    told = {"one": str(first.pk), "other": str(second.pk), "better": str(better and better.pk)}
    record(user, "compare", made, criterion=criterion and criterion.pk, **told)
    return made


@transaction.atomic
def compare_by_criterion(
    user: User,
    one: Submission,
    other: Submission,
    *,
    better: Mapping[int, Submission | None],
) -> list[Comparison]:
    """As `compare`, an answer for each criterion (by id) that is asked of both."""
    criteria = {criterion.pk: criterion for criterion in criteria_of_both(one, other)}
    if set(better) != set(criteria) or not criteria:
        raise Refused(_("These two cannot be compared."), code="comparison.odd")
    return [
        compare(user, one, other, better=chosen, criterion=criteria[pk])
        for pk, chosen in better.items()
    ]


def criteria_of_both(one: Submission, other: Submission) -> list[Criterion]:
    """What is asked of either."""
    asked = Criterion.objects.asked_of(one)
    return list(asked.filter(pk__in=Criterion.objects.asked_of(other)).order_by("position", "pk"))
