"""The private address of a person's own calendar."""

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme.models import Calendar
from submissions.programme.models.people import new_token


def address_of(user: User, event: Event) -> str:
    """Where the calendar is; made the first time somebody asks for it."""
    made, _created = Calendar.objects.get_or_create(event=event, user=user)
    return reverse("programme:calendar", args=[made.token])


@transaction.atomic
def renew(user: User, event: Event) -> Calendar:
    """A new address; whoever had the old one sees nothing any more."""
    made, _created = Calendar.objects.update_or_create(
        event=event, user=user, defaults={"token": new_token()}
    )
    record(user, "renew_calendar", made)
    return made
