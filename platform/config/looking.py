"""What a site administrator may read: a site administrator is no super-reader (reliability,
section 4, rule 9). Tables that belong to an event are empty until the administrator has said why
they look into one event; then they show the rows of that event, and of no other, for a quarter of
an hour.
"""

from collections import deque
from functools import cache
from typing import Any, cast

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from events.actions.looking import looked_into
from events.models import Event

KEY = "looking"  # in the session: the entry of the history that is the permission
# What an administrator is there for: accounts, their tokens, the workers, the site's history.
SITE = {"accounts.user", "accounts.token", "notices.auditentry", "jobs.worker"}


@cache
def way_to_event(model: type[Model]) -> tuple[str, bool] | None:
    """The shortest lookup from a table to its event, and whether it ends at the event's address
    (rooms before `events` know no more of it). None for what is the site's own."""
    if model._meta.label_lower in SITE:
        return None
    ways: deque[tuple[type[Model], tuple[str, ...]]] = deque([(model, ())])
    seen = {User, model}
    while ways:
        here, way = ways.popleft()
        if here is Event:
            return "__".join((*way, "pk")), False
        for field in here._meta.concrete_fields:
            if field.name == "event" and not field.related_model:
                return "__".join((*way, "event")), True
            target = field.related_model
            if target is not None and target not in seen:
                seen.add(target)
                ways.append((target, (*way, field.name)))
    return None


def looking_at(request: HttpRequest) -> Event | None:
    return looked_into(cast(User, request.user), request.session.get(KEY))


def needs_reason(model: type[Model]) -> bool:
    """Are all its rows of events that are not everybody's to see?"""
    way = way_to_event(model)
    return way is not None and not way[1] and model is not Event


def readable(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Rows of the event looked into; mail of the site itself, and events that are published."""
    model: type[Model] = rows.model
    way = way_to_event(model)
    if way is None:
        return rows
    (lookup, by_address), event = way, looking_at(request)
    shown = Q(**{lookup: event.slug if by_address else event.pk}) if event else Q(pk=None)
    if by_address:
        shown |= Q(**{lookup: ""})
    if model is Event:
        shown |= ~Q(state=Event.State.DRAFT)
    return rows.filter(shown)
