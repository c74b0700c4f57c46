"""Fetching is the permission to see: who may not gets 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.requests import Visit
from events.models import Event
from submissions.entries.entry_types import use_default_types
from submissions.entries.models import EntryType, Submission

TOGETHER = ("event", "track", "team", "entry_type")


def fetch_visible(request: Visit, event: str, pk: object) -> Submission:
    visible = Submission.objects.visible_to(request.user).select_related(*TOGETHER)
    return get_object_or_404(visible, event__slug=event, pk=pk)


def fetch_own(request: Visit, event: str, pk: object) -> Submission:
    own = Submission.objects.own(request.user).select_related(*TOGETHER)
    own = own.prefetch_related("entry_type__questions")
    found = get_object_or_404(own, event__slug=event, pk=pk)
    found.entry_type.event = found.event  # the same row: what asks the type need not fetch it
    return found


def fetch_run(request: Visit, event: str, pk: object) -> Submission:
    """Any submission of an event one runs, once it was handed in."""
    running = Submission.objects.run_by(request.user).select_related(*TOGETHER)
    return get_object_or_404(running, event__slug=event, pk=pk)


def fetch_type(event: Event, slug: str) -> EntryType:
    types = use_default_types(None, event)
    found = [kind for kind in types if kind.slug == slug or (not slug and kind.offered)]
    if not found:
        raise Http404
    return found[0]
