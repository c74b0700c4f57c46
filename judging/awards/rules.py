"""Who sees the ranking before publication, who decides, who publishes."""

from accounts.models import Viewer
from events.models import Event, Role, Track
from events.rules import can_run, has_role, has_team, is_judge
from judging.awards.models import Publication
from judging.ballots.rules import is_judging_open
from judging.panel.models import panel_of
from judging.panel.rules import has_interest, hidden_tracks
from submissions.entries.models import Submission


def is_published(event: Event) -> bool:
    return Publication.objects.standing().filter(event=event).exists()


def can_see_ranking(user: Viewer, event: Event) -> bool:
    """Organizers; but who judges as well stays independent until judging is over."""
    return can_run(user, event) and not (is_judge(user, event) and is_judging_open(event))


def can_decide(user: Viewer, track: Track) -> bool:
    return can_see_ranking(user, track.event) and not has_interest(user, track)


def can_publish(user: Viewer, event: Event) -> bool:
    return has_role(user, event, Role.Kind.OWNER)


def can_read_comments(user: Viewer, event: Event) -> bool:
    """Authors, once the results are published."""
    if not is_published(event):
        return False
    return has_team(user, event) or Submission.objects.own(user).filter(event=event).exists()


def can_see_scores(user: Viewer, event: Event) -> bool:
    """Authors, once the results are published, if the event shows scores."""
    return can_read_comments(user, event) and panel_of(event).shows_scores


def can_confirm(user: Viewer, event: Event) -> bool:
    """Any organizer who may see the whole ranking."""
    return can_see_ranking(user, event) and not hidden_tracks(user, event)


def can_see_results(user: Viewer, event: Event) -> bool:
    """Everybody once published; before, the owner rehearses."""
    return is_published(event) or can_publish(user, event)
