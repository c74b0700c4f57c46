"""No row of one event refers to a row of another (I9): asked of every table that has an event."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from django.apps import apps
from django.db.models import F, ForeignKey, Model

from events.models import Event

LONGEST = 4  # steps from a row to its event


def broken() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        for one, other in combinations(ways(model), 2):
            told = {f"{one}__isnull": False, f"{other}__isnull": False}
            apart = model._default_manager.filter(**told).exclude(**{one: F(other)})
            for pk in apart.values_list("pk", flat=True):
                yield f"I9 {model._meta.label} {pk} belongs to two events: by {one}, by {other}"


def ways(model: type[Model]) -> list[str]:
    """By which of its foreign keys a row comes to an event: ["event_id", "track__event_id"]."""
    keys = (field for field in model._meta.get_fields() if isinstance(field, ForeignKey))
    found = ((key.name, _way(key.related_model, LONGEST)) for key in keys)
    return [f"{name}__{way}" if way else f"{name}_id" for name, way in found if way is not None]


@cache
def _way(model: type[Model], steps: int) -> str | None:
    """The shortest way from this table's rows to their event; empty for the event itself."""
    if model is Event:
        return ""
    if not steps:
        return None
    found = []
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey) and field.related_model is not model:
            way = _way(field.related_model, steps - 1)
            if way is not None:
                found.append(f"{field.name}__{way}" if way else f"{field.name}_id")
    return min(found, key=lambda way: (way.count("__"), way), default=None)
