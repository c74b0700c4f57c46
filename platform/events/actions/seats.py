"""Places: held still while they are given, never given twice, passed on to who waits (I5, B92)."""

from django.db import connection, models, transaction
from django.db.models import ExpressionWrapper, Max, Value
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from events.models import Event, Phase, Registration, Track
from notices.actions import post, record

State = Registration.State


def hold_seats(event: Event) -> Event:
    """Whoever gives or frees a place of this event waits here for the others. Not the strongest
    lock: rows that only point at the event can still be written meanwhile."""
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def free_seats(event: Event, track: Track | None = None) -> int | None:
    """How many places are left; None if there is no limit. Certain only under `hold_seats`."""
    taken = event.registrations.seated()
    limits = []
    if event.capacity is not None:
        limits.append(event.capacity - taken.count())
    if track is not None and track.capacity is not None:
        limits.append(track.capacity - taken.filter(track=track).count())
    return max(0, min(limits)) if limits else None


def is_limited(event: Event, track: Track | None = None) -> bool:
    return event.capacity is not None or (track is not None and track.capacity is not None)


def has_seat(event: Event, track: Track | None = None) -> bool:
    """Is there a place for somebody new? Not while others wait for it."""
    if not is_limited(event, track):
        return True
    waiting = event.registrations.waiting()
    if event.capacity is None:
        waiting = waiting.filter(track=track)
    return free_seats(event, track) != 0 and not waiting.exists()


def next_in_line(event: Event) -> int:
    last = event.registrations.aggregate(last=Max("line"))["last"]
    return (last or 0) + 1


def offer_end(event: Event) -> models.Expression:
    """When an offer made now runs out, by the clock of the database."""
    if connection.vendor == "sqlite":  # which cannot add a duration to its own clock exactly
        return Value(timezone.now() + event.offer_lasts)
    return ExpressionWrapper(Now() + event.offer_lasts, output_field=models.DateTimeField())


def offer(actor: User | None, registration: Registration) -> None:
    """Offers a place, for a time; the caller holds the seats."""
    event = registration.event
    registration.state, registration.line = State.OFFERED, None
    registration.offer_until = offer_end(event)
    registration.save(update_fields=["state", "line", "offer_until"])
    registration.refresh_from_db(fields=["offer_until"])
    entry = record(actor, "offer_place", registration)
    until = timezone.localtime(registration.offer_until, event.zone)
    post(
        registration.user,
        "events/mail/offered",
        cause=f"offered:{entry.pk}",
        event=event,
        until=f"{until:%d %b %Y, %H:%M} {event.timezone}",
        url=registration.get_absolute_url(),
    )


@transaction.atomic
def pass_on_seats(event: Event) -> int:
    """Offers that ran out lapse, and free places go to the first in line; returns how many were
    offered. May run twice at once: the second finds nothing left to do."""
    held = hold_seats(event)
    over = held.registrations.lapsing().select_for_update(of=("self",))
    for lapsed in over.select_related("user", "event"):
        _lapse(lapsed)
    if held.state != Event.State.PUBLISHED or _is_past(held):
        return 0
    offered, chosen = 0, held.admission == Event.Admission.APPLICATION
    for waiting in held.registrations.waiting().select_related("user", "track")[:1000]:
        if held.capacity is not None and free_seats(held) == 0:
            break
        if chosen and not is_limited(held, waiting.track):
            continue  # an organizer put them there, and takes them from there
        if free_seats(held, waiting.track) != 0:
            waiting.event = held
            offer(None, waiting)
            offered += 1
    return offered


def _is_past(event: Event) -> bool:
    return event.phases.filter(kind=Phase.Kind.EVENT, closes_at__lte=Now()).exists()


def _lapse(registration: Registration) -> None:
    registration.state = State.LAPSED
    registration.save(update_fields=["state"])
    entry = record(None, "lapse_offer", registration)
    post(
        registration.user,
        "events/mail/lapsed",
        cause=f"lapsed:{entry.pk}",
        event=registration.event,
        url=registration.get_absolute_url(),
    )
