"""Whoever takes a list of people away leaves a trace: the history says who, when and which."""

from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event
from notices.actions import record
from theme.refusal import Refused


def take_away(user: User, event: Event, *, what: str, **filters: object) -> None:
    """Notes that the list leaves the site; `filters` that were set say which part of it."""
    if not rules.can_run(user, event):
        raise Refused(_("Only organizers take lists away."), code="event.not_yours")
    record(user, "take_away", event, what=what, **{k: v for k, v in filters.items() if v})
