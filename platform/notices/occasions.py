"""Which event a page here is about, and who may read it.

This room comes before `events`, so it knows neither. The events room says once how an event is
found for those who run it; everybody else gets 404.
"""

from collections.abc import Callable

from django.http import Http404

from accounts.models import Viewer
from notices.posting import Occasion

Find = Callable[[Viewer, str], Occasion | None]

_finders: list[Find] = []


def register(find: Find) -> None:
    """`find(user, slug)` is the event, or None if `user` does not run it."""
    _finders[:] = [find]


def run_by(user: Viewer, slug: str) -> Occasion:
    for find in _finders:
        if (event := find(user, slug)) is not None:
            return event
    raise Http404
