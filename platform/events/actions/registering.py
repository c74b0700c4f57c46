"""Registering for an event: apply, wait, confirm, answer, cancel."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.actions.asking import keep_answers, refuse_missing
from events.actions.conduct import accept_conduct
from events.actions.seats import (
    has_seat,
    hold_seats,
    is_limited,
    next_in_line,
    offer_end,
    pass_on_seats,
)
from events.models import Event, Invitation, Registration, Track
from notices.actions import post, record
from theme.refusal import Refused

State = Registration.State
Answers = Mapping[str, Any]  # {the question's short name: value}


@transaction.atomic
def register(
    user: User,
    event: Event,
    *,
    track: Track | None = None,
    answers: Answers | None = None,
    accepts: int | None = None,
) -> Registration:
    """Registers a person, puts them on the waiting list, or takes their application, as the event
    has it. Doing it twice changes nothing. `accepts` is the version of the code of conduct.

    Raises Refused out of time, without an invitation where one is needed, and if something that
    must be answered or accepted is missing.
    """
    _refuse_closed(user, event)
    _refuse_foreign(track, event)
    if is_limited(event, track):
        event = hold_seats(event)
    registration, created = Registration.objects.get_or_create(
        event=event, user=user, defaults=_first_state(event, track)
    )
    if not created and not _begins_again(registration, track):
        return registration
    _complete(user, registration, answers or {}, accepts)
    _welcome(user, registration)
    return registration


def _refuse_closed(user: User, event: Event) -> None:
    if not rules.can_register(user, event):
        raise Refused(
            _("Registration for %(event)s is not open now.") % {"event": event},
            code="registration.closed",
        )
    if event.admission == Event.Admission.INVITATION:
        raise Refused(
            _("%(event)s is by invitation only; open the link of your invitation.")
            % {"event": event},
            code="registration.invitation_only",
        )


def _refuse_foreign(track: Track | None, event: Event) -> None:
    if track is not None and track.event_id != event.pk:
        raise Refused(_("Choose a category of this event."), code="registration.foreign_track")


def _first_state(event: Event, track: Track | None) -> dict[str, Any]:
    if event.admission == Event.Admission.APPLICATION:
        return {"state": State.APPLIED, "track": track}
    if has_seat(event, track):
        return {"state": State.CONFIRMED, "track": track}
    return {"state": State.WAITING, "line": next_in_line(event), "track": track}


def _begins_again(registration: Registration, track: Track | None) -> bool:
    """Who cancelled, or let an offer run out, starts anew at the end of the line."""
    if registration.state == State.REJECTED:
        raise Refused(
            _("Your application was declined; the organizers can tell you more."),
            code="registration.rejected",
        )
    if registration.state not in Registration.OVER:
        return False
    for name, value in _first_state(registration.event, track).items():
        setattr(registration, name, value)
    registration.offer_until = None
    registration.save()
    return True


def _complete(
    user: User, registration: Registration, answers: Answers, accepts: int | None
) -> None:
    """Everything that is asked for is there, or nothing is kept."""
    accept_conduct(user, registration.event, version=accepts)
    keep_answers(user, registration, answers)
    refuse_missing(registration)


def _welcome(user: User, registration: Registration) -> None:
    """The mail has the state's name."""
    entry = record(user, "register", registration, state=registration.state)
    post(
        user,
        f"events/mail/{registration.state}",
        cause=f"register:{entry.pk}",
        event=registration.event,
        url=registration.get_absolute_url(),
    )


def _own(user: User, event: Event) -> Registration:
    held = Registration.objects.select_for_update().filter(event=event, user=user)
    registration = held.exclude(state__in=Registration.OVER).first()
    if registration is None:
        raise Refused(_("You are not registered for this event."), code="registration.none")
    return registration


@transaction.atomic
def confirm(
    user: User, event: Event, *, answers: Answers | None = None, accepts: int | None = None
) -> Registration:
    """Takes the place that was offered, while the offer lasts (by the clock of the database)."""
    registration = _own(user, event)
    if registration.state in Registration.TAKING_PART:
        return registration
    _refuse_without_offer(registration)
    registration.state, registration.offer_until = State.CONFIRMED, None
    registration.save(update_fields=["state", "offer_until"])
    _complete(user, registration, answers or {}, accepts)
    _welcome(user, registration)
    return registration


def _refuse_without_offer(registration: Registration) -> None:
    if registration.state != State.OFFERED:
        raise Refused(
            _("No place is offered to you now; you will get a mail when one is."),
            code="registration.no_offer",
        )
    if Registration.objects.lapsing().filter(pk=registration.pk).exists():
        raise Refused(
            _("This offer has run out, and the place went to the next in line."),
            code="registration.offer_over",
        )


@transaction.atomic
def change_answers(
    user: User, event: Event, *, answers: Answers, accepts: int | None = None
) -> Registration:
    """Until the date that the event sets for it."""
    registration = _own(user, event)
    if not rules.can_change_answers(user, event):
        raise Refused(_("Answers can no longer be changed."), code="answers.closed")
    _complete(user, registration, answers, accepts)
    record(user, "change_answers", registration, questions=sorted(answers))
    return registration


@transaction.atomic
def cancel_registration(user: User, event: Event) -> Registration:
    """The place goes to the first in line at once."""
    if rules.has_team(user, event):
        raise Refused(_("Leave your team first, then cancel."), code="registration.in_team")
    event = hold_seats(event)
    registration = _own(user, event)
    if registration.state == State.CHECKED_IN:
        raise Refused(_("You are checked in already."), code="registration.checked_in")
    end(user, registration)
    return registration


def end(actor: User, registration: Registration, *, reason: str = "") -> None:
    """Ends a registration and passes its place on; the caller has checked who may."""
    registration.state, registration.line = State.CANCELLED, None
    registration.offer_until, registration.reason = None, reason
    registration.save(update_fields=["state", "line", "offer_until", "reason"])
    entry = record(actor, "cancel_registration", registration, reason=reason)
    post(
        registration.user,
        "events/mail/cancelled",
        cause=f"cancelled:{entry.pk}",
        event=registration.event,
        reason=reason,
    )
    pass_on_seats(registration.event)


@transaction.atomic
def admit(
    actor: User, event: Event, *, track: Track | None, invitation: Invitation
) -> Registration:
    """A place for somebody who was invited, or the first place in line if all are taken; theirs
    to confirm. The caller holds the seats and has checked the invitation."""
    found = Registration.objects.select_for_update().filter(event=event, user=actor).first()
    if found and found.state in (*Registration.TAKING_PART, State.OFFERED):
        return found
    registration = found or Registration(event=event, user=actor)
    registration.track, registration.invitation = track or registration.track, invitation
    if has_seat(event, registration.track):
        registration.state, registration.line = State.OFFERED, None
        registration.offer_until = offer_end(event)
    else:
        registration.state, registration.line = State.WAITING, next_in_line(event)
        registration.offer_until = None
    registration.save()
    registration.refresh_from_db()
    record(actor, "admit", registration, state=registration.state)
    return registration
