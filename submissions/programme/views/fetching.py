"""Fetching is the permission to see: what is not found here does not exist for this visitor."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.requests import Visit
from events.models import Event
from events.views import fetch, fetch_run
from submissions.programme import rules
from submissions.programme.models import Contributor, Poster, Question, Session

__all__ = ["event_seen", "hall_seen", "own_part", "poster_seen", "question_seen", "run"]


def event_seen(request: Visit, slug: str) -> Event:
    return fetch(request, slug)


def run(request: Visit, slug: str) -> Event:
    return fetch_run(request, slug)


def session_seen(request: Visit, event: str, pk: object) -> Session:
    visible = Session.objects.visible_to(request.user).select_related("event", "track")
    return get_object_or_404(visible, event__slug=event, pk=pk)


def session_run(request: Visit, event: str, pk: object) -> Session:
    found = fetch_run(request, event)
    return get_object_or_404(Session.objects.select_related("event", "track"), event=found, pk=pk)


def hall_seen(request: Visit, slug: str) -> Event:
    """The event, for those whom its hall is open to."""
    found = fetch(request, slug)
    if not rules.can_visit_hall(request.user, found):
        raise Http404
    return found


def poster_seen(request: Visit, event: str, pk: object, *, marked: bool = False) -> Poster:
    """`marked`: with what `with_marks_of` this visitor adds."""
    visible = Poster.objects.visible_to(request.user).select_related("event", "track")
    if marked:
        visible = visible.with_marks_of(request.user)
    return get_object_or_404(visible, event__slug=event, pk=pk)


def question_seen(request: Visit, event: str, pk: int) -> Question:
    visible = Question.objects.visible_to(request.user)
    visible = visible.select_related("event", "session__event", "poster__event", "author")
    return get_object_or_404(visible, event__slug=event, pk=pk)


def own_part(request: Visit, event: str, pk: int) -> Contributor:
    """The visitor's own part in a session or a poster of this event."""
    found = fetch(request, event)
    mine = Contributor.objects.of(request.user).select_related("session__event", "poster__event")
    part = get_object_or_404(mine, pk=pk)
    thing = part.session or part.poster
    if thing is None or thing.event_id != found.pk:
        raise Http404
    return part
