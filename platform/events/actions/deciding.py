"""What organizers decide about applications, and telling people."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from events import rules
from events.actions.registering import end
from events.actions.seats import free_seats, hold_seats, next_in_line, offer
from events.models import Event, Registration
from notices.actions import post, record
from theme.refusal import Refused

State = Registration.State
VERDICTS = {"accept": State.ACCEPTED, "decline": State.DECLINED, "waitlist": State.WAITING}


@transaction.atomic
def decide(
    user: User, event: Event, *, registrations: Iterable[int], verdict: str, reason: str = ""
) -> int:
    """Accepts, declines or waitlists applications by their keys; nobody is told yet. Returns how
    many changed.

    Raises Refused for a key that is not an undecided application of this event, or if more are
    accepted than there are places: then nothing changes.
    """
    _refuse_unless_running(user, event)
    if verdict not in VERDICTS:
        raise Refused(_("Accept, decline or put on the waiting list."), code="decision.unknown")
    event, wanted, state = hold_seats(event), set(registrations), VERDICTS[verdict]
    chosen = event.registrations.select_for_update(of=("self",)).filter(pk__in=wanted)
    found = list(chosen.filter(state__in=Registration.UNDECIDED).order_by("id"))
    if len(found) != len(wanted):
        raise Refused(
            _("Some of these are no longer undecided; load the list again and choose anew."),
            code="decision.too_late",
        )
    changing = [one for one in found if one.state != state]
    if state == State.ACCEPTED:
        _refuse_too_many(event, len(changing))
    for registration in changing:
        _set(user, registration, state, reason)
    return len(changing)


def _refuse_too_many(event: Event, wanted: int) -> None:
    left = free_seats(event)
    if left is not None and wanted > left:
        raise Refused(
            ngettext(
                "There is one place left, and you accept %(wanted)d.",
                "There are %(left)d places left, and you accept %(wanted)d.",
                left,
            )
            % {"left": left, "wanted": wanted},
            code="decision.no_seats",
        )


def _set(user: User, registration: Registration, state: str, reason: str) -> None:
    before, registration.state, registration.reason = registration.state, state, reason
    waits = state == State.WAITING
    registration.line = next_in_line(registration.event) if waits else None
    registration.save(update_fields=["state", "line", "reason"])
    entry = record(user, "decide", registration, old=before, new=state, reason=reason)
    if waits:  # that is told at once: it is no secret and asks for patience
        _tell(registration, "events/mail/waiting", f"waiting:{entry.pk}")


@transaction.atomic
def tell_decisions(user: User, event: Event) -> int:
    """Tells all who are accepted or declined and do not know; returns how many. The accepted have
    from now on the event's time to confirm."""
    _refuse_unless_running(user, event)
    event = hold_seats(event)
    untold = event.registrations.select_for_update(of=("self",)).filter(
        state__in=Registration.UNTOLD
    )
    told = list(untold.select_related("user").order_by("id"))
    for registration in told:
        registration.event = event
        if registration.state == State.ACCEPTED:
            offer(user, registration)
        else:
            _decline(user, registration)
    return len(told)


def _decline(user: User, registration: Registration) -> None:
    registration.state = State.REJECTED
    registration.save(update_fields=["state"])
    entry = record(user, "tell_declined", registration)
    _tell(registration, "events/mail/rejected", f"rejected:{entry.pk}")


def _tell(registration: Registration, template: str, cause: str) -> None:
    post(
        registration.user,
        template,
        cause=cause,
        event=registration.event,
        reason=registration.reason,
        url=registration.get_absolute_url(),
    )


@transaction.atomic
def take_place(user: User, registration: Registration, *, reason: str = "") -> None:
    """Ends somebody's registration; they are told, and the place goes to the next in line."""
    event = registration.event
    _refuse_unless_running(user, event)
    if rules.has_team(registration.user, event):
        raise Refused(_("This person is in a team; they leave it first."), code="place.in_team")
    registration.event = hold_seats(event)
    if registration.state in (*Registration.OVER, State.CHECKED_IN):
        raise Refused(_("There is no place to take."), code="place.none")
    end(user, registration, reason=reason)


def _refuse_unless_running(user: User, event: Event) -> None:
    if not rules.can_run(user, event):
        raise Refused(_("Only organizers decide this."), code="decision.not_yours")
