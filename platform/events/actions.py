"""What people do in an event: make it, register, make a team, join one, leave it."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, Membership, Phase, Registration, Role, Team, Track
from notices.actions import record
from theme.refusal import Refused

Made = TypeVar("Made", bound=models.Model)


@transaction.atomic
def create_event(user: User, *, told: object) -> Event:
    """Makes an event owned by `user` from a mapping: Event's own fields, `tracks` (a list of
    Track's fields) and `phases` (kind: [opening, closing], times with a zone).

    Raises Refused with what is wrong and where.
    """
    if not isinstance(told, dict):
        raise Refused(_("An event is a mapping: slug, name, …"), code="event.malformed")
    own = {name: value for name, value in told.items() if name not in ("tracks", "phases")}
    event = _checked(Event, "event", own)
    for position, track in enumerate(_shaped(told.get("tracks"), list, "tracks")):
        _checked(Track, f"track {position + 1}", track, event=event, position=position)
    for kind, window in _shaped(told.get("phases"), dict, "phases").items():
        _checked(Phase, f"phase {kind}", _window(kind, window), event=event, kind=kind)
    grant_role(None, event, to=user, kind=Role.Kind.OWNER)
    record(user, "create_event", event, name=event.name)
    return event


Shape = TypeVar("Shape", list[Any], dict[Any, Any])


def _shaped(value: object, shape: type[Shape], where: str) -> Shape:
    """What was told, or an empty one for nothing."""
    if isinstance(value, shape):
        return value
    if value is None:
        return shape()
    wanted = _("a list") if shape is list else _("a mapping")
    raise Refused(
        f"{where}: " + _("must be %(wanted)s.") % {"wanted": wanted}, code="event.invalid"
    )


def _window(kind: object, window: object) -> dict[str, datetime]:
    times = window if isinstance(window, list | tuple) else ()
    if len(times) != 2 or not all(isinstance(t, datetime) and timezone.is_aware(t) for t in times):
        raise Refused(
            f"phase {kind}: "
            + _("write [opening, closing], both with a zone, such as 2026-05-01 12:00:00+00:00."),
            code="event.invalid",
        )
    return {"opens_at": times[0], "closes_at": times[1]}


def _checked(model: type[Made], where: str, fields: object, **more: object) -> Made:
    """Makes a row, or says which of the fields is wrong."""
    try:
        made = model(**_shaped(fields, dict, where), **more)
        made.full_clean()
    except (ValidationError, TypeError) as error:
        said = "; ".join(getattr(error, "messages", None) or [str(error)])
        raise Refused(f"{where}: {said}", code="event.invalid") from None
    made.save()
    return made


@transaction.atomic
def register(user: User, event: Event) -> Registration:
    """Registers a person; doing it twice changes nothing."""
    if not rules.can_register(user, event):
        raise Refused(
            _("Registration for %(event)s is not open now.") % {"event": event},
            code="registration.closed",
        )
    registration, created = Registration.objects.get_or_create(event=event, user=user)
    if created or registration.state != Registration.State.REGISTERED:
        registration.state = Registration.State.REGISTERED
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


@transaction.atomic
def create_team(user: User, event: Event, *, name: str) -> Team:
    if not rules.is_registered(user, event):
        raise Refused(_("Register for the event first."), code="team.not_registered")
    try:
        with transaction.atomic():
            team = Team.objects.create(event=event, name=name)
    except IntegrityError:
        raise Refused(
            _("A team named “%(name)s” exists already; choose another name.") % {"name": name},
            code="team.name_taken",
        ) from None
    _seat(user, team, leads=True)
    record(user, "create_team", team, name=name)
    return team


@transaction.atomic
def join_team(user: User, event: Event, *, code: str) -> Team:
    """Takes a free seat in the team whose invitation link carries `code`."""
    team = Team.objects.select_for_update().filter(event=event, invite_code=code).first()
    if team is None:
        raise Refused(
            _("This invitation link is not valid; ask your team for a new one."),
            code="invite.unknown",
        )
    if not rules.is_registered(user, event):
        raise Refused(_("Register for the event first."), code="team.not_registered")
    if team.memberships.count() >= event.team_size:
        raise Refused(
            _("%(team)s is full: %(size)d people at most.")
            % {"team": team, "size": event.team_size},
            code="team.full",
        )
    _seat(user, team, leads=False)
    record(user, "join_team", team)
    return team


def _seat(user: User, team: Team, *, leads: bool) -> None:
    try:
        with transaction.atomic():
            Membership.objects.create(event=team.event, team=team, user=user, leads=leads)
    except IntegrityError:
        raise Refused(
            _("You are already in a team of this event."), code="team.already_member"
        ) from None


@transaction.atomic
def leave_team(user: User, team: Team) -> None:
    """The longest-standing member takes over a lead's place; the last one cannot leave."""
    seats = list(team.memberships.select_for_update().order_by("id"))
    mine = next((seat for seat in seats if seat.user_id == user.pk), None)
    if mine is None:
        raise Refused(_("You are not in this team."), code="team.not_member")
    if len(seats) == 1:
        raise Refused(
            _("You are the last one in %(team)s; a team cannot be empty.") % {"team": team},
            code="team.last_member",
        )
    mine.delete()
    if mine.leads:
        heir = next(seat for seat in seats if seat.user_id != user.pk)
        heir.leads = True
        heir.save(update_fields=["leads"])
    record(user, "leave_team", team)


@transaction.atomic
def grant_role(user: User | None, event: Event, *, to: User, kind: str) -> Role:
    """`user` is None when the system itself sets up an event."""
    if user is not None and not rules.can_run(user, event):
        raise Refused(_("Only organizers give roles."), code="role.not_yours")
    role, created = Role.objects.get_or_create(event=event, user=to, kind=kind)
    if created:
        record(user, "grant_role", role, kind=kind, to=to.pk)
    return role


def hold_phase(event: Event, kind: str) -> None:
    """Keeps a deadline from being moved until the transaction ends, so that what is under way is
    decided by one value (B82). Shared: those who submit do not wait for each other."""
    if connection.vendor == "postgresql":  # SQLite's write transactions exclude each other anyway
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM events_phase WHERE event_id = %s AND kind = %s FOR SHARE",
                [event.pk, kind],
            )


def open_results(actor: User, event: Event) -> None:
    """Marks the results as public; the room that publishes them has checked who may."""
    Event.objects.filter(pk=event.pk).update(results_at=Now())
    record(actor, "open_results", event)


def close_results(actor: User, event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(results_at=None)
    record(actor, "close_results", event)
