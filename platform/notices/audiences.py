"""Groups of people that an organizer can write to. Later rooms know them and register them:

    audiences.register(groups)

`groups(event)` gives `Group`s: those who registered, by state; the judges; who has only a draft.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User
from notices.posting import Occasion


@dataclass(frozen=True)
class Group:
    key: str  # unique in the event, as "role:judge"
    label: str | Promise
    people: QuerySet[User]


_sources: list[Callable[..., Iterable[Group]]] = []


def register(groups: Callable[..., Iterable[Group]]) -> None:
    _sources.append(groups)


def groups(event: Occasion) -> list[Group]:
    return [group for source in _sources for group in source(event)]


def people(event: Occasion, keys: Sequence[str]) -> QuerySet[User]:
    """Everybody in at least one of the groups, once; the deactivated left out."""
    found = User.objects.none().values("pk")
    for group in groups(event):
        if group.key in keys:
            found = found.union(group.people.order_by().values("pk"))
    chosen = User.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
    return chosen.filter(is_active=True).order_by("email")
