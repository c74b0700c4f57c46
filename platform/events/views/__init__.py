"""Pages of an event, by topic: what everybody sees, coming in, teams, running it, the door."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.requests import Visit
from events.models import Event, Membership, Team


def fetch(request: Visit, slug: str) -> Event:
    """The event, if this visitor may know of it."""
    return get_object_or_404(Event.objects.visible_to(request.user), slug=slug)


def fetch_run(request: Visit, slug: str) -> Event:
    """The event, for those who run it; for everybody else it is as if it did not exist."""
    return get_object_or_404(Event.objects.run_by(request.user), slug=slug)


def fetch_own_team(request: Visit, event: Event) -> Team:
    """The visitor's team in this event."""
    seat = Membership.objects.filter(user_id=request.user.pk, event=event)
    found = seat.select_related("team").first()
    if found is None:
        raise Http404
    found.team.event = event
    return found.team
