"""Organizers change an event and its parts; the trail keeps what was and what is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import has_second_factor
from events import rules
from events.actions.seats import pass_on_seats
from events.models import Event, Extension, Page, Phase, Question, Track
from notices.actions import record
from theme.refusal import Refused

Part = TypeVar("Part", Track, Phase, Page, Question)
EVENT_FIELDS = (
    *("name", "summary", "description", "place", "timezone", "team_size", "admission"),
    *("capacity", "offer_lasts", "answers_until", "colour", "on_colour", "switched", "kind"),
    "second_factor",
)


@transaction.atomic
def change_event(user: User, event: Event, **values: Any) -> Event:
    """Places that a larger capacity makes free go to the waiting list at once."""
    _refuse_unless_running(user, event)
    unknown = set(values) - {*EVENT_FIELDS}
    if unknown:
        raise Refused(_("This cannot be changed."), code="event.fixed")
    if values.get("second_factor") and not has_second_factor(user):
        raise Refused(
            _("Set up a second factor for your own account first, or you lock yourself out."),
            code="event.no_second_factor",
        )
    _change(user, event, values)
    if "capacity" in values:
        pass_on_seats(event)
    return event


@transaction.atomic
def change_logo(user: User, event: Event, *, logo: ContentFile[bytes]) -> Event:
    """`logo` is a picture that events.look drew."""
    _refuse_unless_running(user, event)
    event.logo.save(logo.name or "logo.png", logo, save=False)
    event.save(update_fields=["logo"])
    record(user, "change_logo", event)
    return event


def _change(user: User, thing: models.Model, values: dict[str, Any]) -> None:
    old = {name: getattr(thing, name) for name in values}
    for name, value in values.items():
        setattr(thing, name, value)
    new = {name: value for name, value in values.items() if value != old[name]}
    if not new:
        return
    _refuse_invalid(thing)
    thing.save()
    told = {name: [_written(old[name]), _written(value)] for name, value in new.items()}
    record(user, f"change_{thing._meta.model_name}", thing, changes=told)


def _refuse_invalid(thing: models.Model) -> None:
    try:
        thing.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="event.invalid") from None


def _written(value: Any) -> Any:
    """As the trail keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | list | dict | None) else str(value)


@transaction.atomic
def add_part(user: User, event: Event, part: Part) -> Part:
    """A phase, track, page or question, at the end of its list."""
    _refuse_unless_running(user, event)
    part.event = event
    siblings = type(part)._default_manager.filter(event=event)
    if hasattr(part, "position"):
        part.position = (siblings.aggregate(last=models.Max("position"))["last"] or 0) + 1
    _refuse_invalid(part)
    part.save()
    record(user, f"add_{part._meta.model_name}", part, named=str(part))
    return part


@transaction.atomic
def change_part(user: User, part: Part, **values: Any) -> Part:
    _refuse_unless_running(user, part.event)
    if isinstance(part, Phase):  # what is under way is decided by one value (B82)
        Phase.objects.select_for_update().get(pk=part.pk)
    _change(user, part, values)
    if isinstance(part, Track) and "capacity" in values:
        pass_on_seats(part.event)
    return part


@transaction.atomic
def move_part(user: User, part: Part) -> None:
    """One place up in its list."""
    _refuse_unless_running(user, part.event)
    siblings = list(type(part)._default_manager.select_for_update().filter(event=part.event))
    place = siblings.index(part)
    if place == 0 or isinstance(part, Phase):  # phases stand in the order of time
        return
    siblings[place - 1 : place + 1] = reversed(siblings[place - 1 : place + 1])
    for position, one in enumerate(siblings):
        type(part)._default_manager.filter(pk=one.pk).update(position=position)
    record(user, f"move_{part._meta.model_name}", part, place=place)


@transaction.atomic
def remove_part(user: User, part: Part) -> None:
    _refuse_unless_running(user, part.event)
    record(user, f"remove_{part._meta.model_name}", part, named=str(part))
    try:
        with transaction.atomic():
            part.delete()
    except ProtectedError:
        raise Refused(
            _("“%(part)s” is in use: something was handed in there.") % {"part": part},
            code="event.in_use",
        ) from None


@transaction.atomic
def set_state(user: User, event: Event, *, state: str) -> Event:
    """Publishes an event, takes it back to a draft, or archives it. Owners only."""
    if not rules.can_publish(user, event):
        raise Refused(_("Only owners publish and archive."), code="event.not_yours")
    if state not in Event.State.values:
        raise Refused(_("Choose draft, published or archived."), code="event.invalid")
    if state != event.state:
        record(user, "set_state", event, old=event.state, new=state)
        Event.objects.filter(pk=event.pk).update(state=state)
        event.state = state
    return event


@transaction.atomic
def extend(user: User, phase: Phase, *, to: User, until: datetime, reason: str = "") -> Extension:
    """More time in one phase for one person."""
    _refuse_unless_running(user, phase.event)
    extension, _created = Extension.objects.update_or_create(
        phase=phase, user=to, defaults={"until": until, "reason": reason}
    )
    record(user, "extend", phase, to=to.pk, until=until.isoformat(), reason=reason)
    return extension


@transaction.atomic
def end_extension(user: User, extension: Extension) -> None:
    _refuse_unless_running(user, extension.phase.event)
    record(user, "end_extension", extension.phase, to=extension.user_id)
    extension.delete()


def _refuse_unless_running(user: User, event: Event) -> None:
    if not rules.can_run(user, event):
        raise Refused(_("Only organizers change the event."), code="event.not_yours")
