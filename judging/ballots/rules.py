"""When a judge may score, and ask for more."""

from accounts.models import Viewer
from events.models import Event, Phase
from events.rules import is_judge, is_open
from judging.ballots.models import Ballot
from judging.panel.models import Assignment

ENOUGH = 3  # waiting on one desk: what one judge holds back, nobody else reads


def is_judging_open(event: Event) -> bool:
    """Open by the clock of the database, and the results are not published yet."""
    published = Event.objects.filter(pk=event.pk, results_at__isnull=False).exists()
    return is_open(event, Phase.Kind.JUDGING) and not published


def can_score(user: Viewer, assignment: Assignment) -> bool:
    """Assigned, no interest, and still a judge: asked anew at every save (F43)."""
    return Assignment.objects.visible_to(user).filter(pk=assignment.pk).exists()


def can_ask_for_another(user: Viewer, event: Event) -> bool:
    """Judges, while judging is open, who have read what they were given, or nearly."""
    return is_judge(user, event) and is_judging_open(event) and waiting(user, event) < ENOUGH


def waiting(user: Viewer, event: Event) -> int:
    """Score sheets on this judge's desk that are not submitted."""
    mine = Assignment.objects.visible_to(user).of(event)
    return mine.exclude(ballot__state=Ballot.State.SUBMITTED).count()
