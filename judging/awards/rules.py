"""Who sees the ranking before publication, who decides, who publishes."""

from accounts.models import Viewer
from events.models import Event, Role, Track
from events.rules import can_run, has_role, has_team, is_judge
from judging.ballots.rules import is_judging_open
from judging.panel.rules import has_interest


def is_published(event: Event) -> bool:
    return Event.objects.filter(
        pk=event.pk, results_at__isnull=False, publication__isnull=False
    ).exists()


def can_see_ranking(user: Viewer, event: Event) -> bool:
    """Organizers; but who judges as well stays independent until judging is over."""
    return can_run(user, event) and not (is_judge(user, event) and is_judging_open(event))


def can_decide(user: Viewer, track: Track) -> bool:
    return can_see_ranking(user, track.event) and not has_interest(user, track)


def can_publish(user: Viewer, event: Event) -> bool:
    return has_role(user, event, Role.Kind.OWNER)


def can_read_comments(user: Viewer, event: Event) -> bool:
    """Authors, once the results are published."""
    return is_published(event) and has_team(user, event)


def can_see_results(user: Viewer, event: Event) -> bool:
    """Everybody once published; before, the owner rehearses."""
    return is_published(event) or can_publish(user, event)
