"""An event is made from plain data: what a YAML file, a template or an earlier event says."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.actions.roles import grant_role
from events.models import Conduct, Event, Page, Phase, Question, Role, Track
from notices.actions import record
from theme.refusal import Refused

Made = TypeVar("Made", bound=models.Model)

# What a file may say of the event itself; everything else follows from what people do.
FIELDS = (
    *("slug", "name", "kind", "state", "summary", "description", "place", "timezone"),
    *("team_size", "admission", "capacity", "offer_lasts", "answers_until"),
    *("second_factor", "colour", "on_colour", "switched"),
)
TRACK = ("slug", "name", "description", "capacity")
PAGE = ("slug", "title", "text")
QUESTION = (
    *("slug", "label", "help_text", "kind", "options", "required", "required_role"),
    *("depends_value", "personal"),
)
PARTS = ("tracks", "phases", "pages", "conduct", "questions")


@transaction.atomic
def create_event(user: User, *, told: object) -> Event:
    """Makes an event owned by `user` from a mapping: Event's own fields, `phases` (kind: [opening,
    closing] or a mapping), and `tracks`, `pages`, `questions` (lists), `conduct` (a text).

    Raises Refused with what is wrong and where.
    """
    if not isinstance(told, dict):
        raise Refused(_("An event is a mapping: slug, name, …"), code="event.malformed")
    own = {name: value for name, value in told.items() if name not in PARTS}
    event = _checked(Event, "event", own, allowed=FIELDS)
    for position, track in enumerate(shaped(told.get("tracks"), list, "tracks")):
        where = f"track {position + 1}"
        _checked(Track, where, track, allowed=TRACK, event=event, position=position)
    for kind, window in shaped(told.get("phases"), dict, "phases").items():
        _checked(Phase, f"phase {kind}", _window(kind, window), event=event, kind=kind)
    for position, page in enumerate(shaped(told.get("pages"), list, "pages")):
        where = f"page {position + 1}"
        _checked(Page, where, page, allowed=PAGE, event=event, position=position)
    if conduct := told.get("conduct"):
        _checked(Conduct, "conduct", {"text": conduct}, event=event)
    _ask(event, shaped(told.get("questions"), list, "questions"))
    grant_role(None, event, to=user, kind=Role.Kind.OWNER)
    record(user, "create_event", event, name=event.name)
    return event


def _ask(event: Event, questions: list[Any]) -> None:
    """Makes the questions; one may name a track and an earlier question by their short names."""
    asked: dict[str, Question] = {}
    tracks = {track.slug: track for track in event.tracks.all()}
    for position, told in enumerate(questions):
        where = f"question {position + 1}"
        fields = dict(shaped(told, dict, where))
        more = {
            "depends_on": _named(asked, fields.pop("depends_on", None), f"{where}: depends_on"),
            "required_track": _named(tracks, fields.pop("required_track", None), f"{where}: track"),
        }
        made = _checked(
            Question, where, fields, allowed=QUESTION, event=event, position=position, **more
        )
        asked[made.slug] = made


def _named(known: dict[str, Made], name: object, where: str) -> Made | None:
    if name is None:
        return None
    if not isinstance(name, str) or name not in known:
        raise Refused(
            f"{where}: " + _("“%(name)s” is not one of those above.") % {"name": name},
            code="event.invalid",
        )
    return known[name]


Shape = TypeVar("Shape", list[Any], dict[Any, Any])


def shaped(value: object, shape: type[Shape], where: str) -> Shape:
    """What was told, or an empty one for nothing."""
    if isinstance(value, shape):
        return value
    if value is None:
        return shape()
    wanted = _("a list") if shape is list else _("a mapping")
    raise Refused(
        f"{where}: " + _("must be %(wanted)s.") % {"wanted": wanted}, code="event.invalid"
    )


def _window(kind: object, window: object) -> dict[str, object]:
    """Opening and closing as a pair, or with a name and a grace period as a mapping."""
    told = dict(window) if isinstance(window, dict) else {}
    if isinstance(window, list | tuple) and len(window) == 2:
        told = {"opens": window[0], "closes": window[1]}
    times = told.pop("opens", None), told.pop("closes", None)
    if not all(isinstance(t, datetime) and timezone.is_aware(t) for t in times):
        raise Refused(
            f"phase {kind}: "
            + _("write [opening, closing], both with a zone, such as 2026-05-01 12:00:00+00:00."),
            code="event.invalid",
        )
    return told | {"opens_at": times[0], "closes_at": times[1]}


def _checked(
    model: type[Made], where: str, told: object, allowed: Iterable[str] = (), **more: object
) -> Made:
    """Makes a row, or says which of the fields is wrong."""
    fields = shaped(told, dict, where)
    try:
        _refuse_unknown(fields, allowed)
        made = model(**fields, **more)
        made.full_clean()
    except (ValidationError, TypeError) as error:
        raise Refused(f"{where}: {_sentence(error)}", code="event.invalid") from None
    made.save()
    return made


def _sentence(error: ValidationError | TypeError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    named = getattr(error, "message_dict", {"__all__": error.messages})
    return "; ".join(
        " ".join(says) if field == "__all__" else f"{field}: {' '.join(says)}"
        for field, says in named.items()
    )


def _refuse_unknown(fields: dict[Any, Any], allowed: Iterable[str]) -> None:
    for name, value in fields.items():
        if allowed and isinstance(name, str) and name not in allowed:
            raise ValidationError(_("“%(name)s” is not known here.") % {"name": name})
        timed = isinstance(value, date)
        if timed and not (isinstance(value, datetime) and timezone.is_aware(value)):
            raise ValidationError(_("%(name)s: write a time with a zone.") % {"name": name})
