"""What comes due by itself: offers that run out, places that become free."""

from django.db.models import Exists, OuterRef

from events.actions.seats import pass_on_seats
from events.models import Event, Registration


def pass_on_all() -> None:
    """For each event with an offer that ran out, or with somebody waiting."""
    here = Registration.objects.filter(event=OuterRef("pk"))
    due = Event.objects.filter(
        Exists(here.lapsing()) | Exists(here.filter(state=Registration.State.WAITING))
    )
    for event in due:
        pass_on_seats(event)
