"""Everybody who presents in an event, with what they have told: for the organizers."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from events.models import Event
from submissions.programme.models import Availability, Contributor, Presenter


@dataclass
class Row:
    name: str
    affiliation: str
    user: User | None
    parts: list[Contributor] = field(default_factory=list)
    told: Presenter | None = None
    windows: int = 0


def presenting_in(event: Event) -> list[Row]:
    """By name; three queries however many there are."""
    parts = Contributor.objects.filter(Q(session__event=event) | Q(poster__event=event))
    parts = parts.select_related("user", "session__slides", "poster__sheet").order_by("name", "pk")
    told = {p.user_id: p for p in Presenter.objects.filter(event=event)}
    windows: dict[int, int] = defaultdict(int)
    for user in Availability.objects.filter(event=event).values_list("user_id", flat=True):
        windows[user] += 1
    rows: dict[object, Row] = {}
    for part in parts:
        key = part.user_id or part.name.casefold()
        row = rows.setdefault(key, Row(part.name, part.affiliation, part.user))
        row.parts.append(part)
        row.told = told.get(part.user_id or 0)
        row.windows = windows[part.user_id or 0]
    return list(rows.values())
