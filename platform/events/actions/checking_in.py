"""At the door."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, Registration
from notices.actions import record
from theme.refusal import Refused

State = Registration.State


@transaction.atomic
def check_in(user: User, event: Event, *, ticket: str) -> tuple[Registration, bool]:
    """Lets the ticket's holder in. Returns the registration, and whether it was checked in only
    now: the same ticket again changes nothing and tells who was let in when."""
    _refuse_unless_at_the_door(user, event)
    found = event.registrations.filter(ticket=ticket).select_related("user").first()
    if found is None:
        raise Refused(_("There is no such ticket for this event."), code="ticket.unknown")
    can_enter = Registration.objects.filter(pk=found.pk, state=State.CONFIRMED)
    now = can_enter.update(state=State.CHECKED_IN, checked_in_at=Now(), checked_in_by=user)
    found.refresh_from_db()
    if now:
        record(user, "check_in", found)
    elif found.state != State.CHECKED_IN:
        raise Refused(
            _("%(person)s has no place: %(state)s.")
            % {"person": found.user, "state": found.get_state_display()},
            code="ticket.no_place",
        )
    return found, bool(now)


@transaction.atomic
def undo_check_in(user: User, registration: Registration) -> None:
    """For a ticket that was taken by mistake."""
    _refuse_unless_at_the_door(user, registration.event)
    inside = Registration.objects.filter(pk=registration.pk, state=State.CHECKED_IN)
    if inside.update(state=State.CONFIRMED, checked_in_at=None, checked_in_by=None):
        record(user, "undo_check_in", registration)


def _refuse_unless_at_the_door(user: User, event: Event) -> None:
    if not rules.can_check_in(user, event):
        raise Refused(_("Only people at the door check in."), code="ticket.not_yours")
