"""Who a visitor is in an event: asked once a request, shown in several places of its page."""

from dataclasses import dataclass
from functools import cached_property

from accounts.models import Viewer
from accounts.requests import Visit
from events.models import Event, Membership, Registration, Role, Team
from events.rules import can_register


@dataclass
class Presence:
    """Of nobody, all of it is empty, and the database is not asked."""

    user: Viewer
    event: Event

    @cached_property
    def roles(self) -> set[str]:
        if not self.user.is_authenticated:
            return set()
        own = Role.objects.filter(user=self.user, event=self.event)
        return set(own.values_list("kind", flat=True))

    @cached_property
    def registration(self) -> Registration | None:
        if not self.user.is_authenticated:
            return None
        own = Registration.objects.filter(user=self.user, event=self.event)
        found = own.first()
        if found:
            found.event = self.event
        return found

    @property
    def registered(self) -> bool:
        return self.registration is not None and self.registration.takes_part

    @cached_property
    def team(self) -> Team | None:
        if not self.user.is_authenticated:
            return None
        seats = Membership.objects.filter(user=self.user, event=self.event)
        seat = seats.select_related("team").first()
        return seat.team if seat else None

    @property
    def judges(self) -> bool:
        return self.user.is_active and Role.Kind.JUDGE in self.roles

    @cached_property
    def can_register(self) -> bool:
        return can_register(self.user, self.event)


def presence(request: Visit, event: Event) -> Presence:
    """Kept with the request, for as long as it takes."""
    kept: dict[int, Presence] = request.__dict__.setdefault("presences", {})
    return kept.setdefault(event.pk, Presence(request.user, event))
