"""Registering for an event, and cancelling."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, Registration
from notices.actions import record
from theme.refusal import Refused


@transaction.atomic
def register(user: User, event: Event) -> Registration:
    """Registers a person; doing it twice changes nothing."""
    if not rules.can_register(user, event):
        raise Refused(
            _("Registration for %(event)s is not open now.") % {"event": event},
            code="registration.closed",
        )
    registration, created = Registration.objects.get_or_create(event=event, user=user)
    if created or registration.state != Registration.State.CONFIRMED:
        registration.state = Registration.State.CONFIRMED
        registration.save(update_fields=["state"])
        record(user, "register", registration)
    return registration


@transaction.atomic
def cancel_registration(user: User, event: Event) -> Registration:
    if rules.has_team(user, event):
        raise Refused(_("Leave your team first, then cancel."), code="registration.in_team")
    held = Registration.objects.active().select_for_update()
    registration = held.filter(event=event, user=user).first()
    if registration is None:
        raise Refused(_("You are not registered for this event."), code="registration.none")
    registration.state = Registration.State.CANCELLED
    registration.save(update_fields=["state"])
    record(user, "cancel_registration", registration)
    return registration
