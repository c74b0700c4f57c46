"""When a judge may score, and who may see how far judging is."""

from accounts.models import Viewer
from events.models import Event, Phase
from events.rules import can_run, is_open
from judging.panel.models import Assignment


def is_judging_open(event: Event) -> bool:
    """Open by the clock of the database, and the results are not published yet."""
    published = Event.objects.filter(pk=event.pk, results_at__isnull=False).exists()
    return is_open(event, Phase.Kind.JUDGING) and not published


def can_score(user: Viewer, assignment: Assignment) -> bool:
    """Assigned, no interest, and still a judge: asked anew at every save (F43)."""
    return Assignment.objects.visible_to(user).filter(pk=assignment.pk).exists()


def can_see_progress(user: Viewer, event: Event) -> bool:
    return can_run(user, event)
