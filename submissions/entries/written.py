"""How the entry types of an event are written in its file, and read from it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from submissions.entries.entry_types import create_type
from submissions.entries.models import EntryType, Question
from theme.refusal import Refused

PLAIN: Final = (
    *("slug", "kind", "name", "intro", "belongs_to", "fields", "uses_tracks", "several_tracks"),
    *("opens_at", "closes_at", "at_deadline", "per_person", "per_team", "blind", "decided"),
)
ASKED: Final = (
    *("slug", "label", "help", "shape", "choices", "required", "limit", "unit", "identifies"),
    "public",
)


def dump(event: Event) -> list[dict[str, Any]]:
    return [_type(one) for one in event.entry_types.prefetch_related("tracks", "questions")]


def _type(one: EntryType) -> dict[str, Any]:
    told = _changed(one, PLAIN) | {"grace": one.grace.total_seconds()}
    if tracks := [track.slug for track in one.tracks.all()]:
        told["tracks"] = tracks
    if questions := [_changed(question, ASKED) for question in one.questions.all()]:
        told["questions"] = questions
    return told


def _changed(row: EntryType | Question, names: tuple[str, ...]) -> dict[str, Any]:
    """What is not as it is by default."""
    told = {}
    for name in names:
        value = getattr(row, name)
        if value != row._meta.get_field(name).get_default():  # type: ignore[union-attr]
            told[name] = value
    return told


def load(actor: User, event: Event, data: Any) -> None:
    """Makes the entry types; Refused tells the place of what is wrong."""
    if not isinstance(data, list):
        raise _invalid("entry_types", _("must be a list."))
    for number, told in enumerate(data, start=1):
        _load_type(actor, event, told, f"entry_types {number}")


def _load_type(actor: User, event: Event, told: Any, where: str) -> None:
    known = {*PLAIN, "grace", "tracks", "questions"}
    if not isinstance(told, dict) or not {*told} <= known:
        raise Refused(
            f"{where}: " + _("knows only %s.") % ", ".join(sorted(known)), code="event.invalid"
        )
    plain = {name: value for name, value in told.items() if name in PLAIN}
    if "grace" in told:
        plain["grace"] = _seconds(told["grace"], where)
    for name in ("opens_at", "closes_at"):
        if name in plain and not _is_time(plain[name]):
            raise Refused(
                f"{where} {name}: " + _("write a time with its zone."), code="event.invalid"
            )
    try:
        made = create_type(actor, event, **plain)
    except Refused as refused:
        raise _invalid(where, str(refused)) from None
    tracks = told.get("tracks", [])
    found = list(event.tracks.filter(slug__in=tracks if isinstance(tracks, list) else []))
    if not isinstance(tracks, list) or len(found) != len({*map(str, tracks)}):
        raise Refused(
            f"{where}: " + _("tracks must be slugs of this event's tracks."), code="event.invalid"
        )
    made.tracks.set(found)
    for place, asked in enumerate(told.get("questions") or [], start=1):
        _load_question(made, asked, place, f"{where} question {place}")


def _load_question(made: EntryType, asked: Any, place: int, where: str) -> None:
    try:
        question = Question(entry_type=made, position=place, **asked)
        question.full_clean()
    except (ValidationError, TypeError) as error:
        said = "; ".join(getattr(error, "messages", None) or [str(error)])
        raise _invalid(where, str(said)) from None
    question.save()


def _invalid(where: str, said: str) -> Refused:
    return Refused(f"{where}: {said}", code="event.invalid")


def _seconds(value: Any, where: str) -> timedelta:
    if not isinstance(value, int | float) or not 0 <= value <= 7 * 24 * 3600:
        raise Refused(
            f"{where} grace: " + _("write seconds, a week at most."), code="event.invalid"
        )
    return timedelta(seconds=value)


def _is_time(value: Any) -> bool:
    return isinstance(value, datetime) and timezone.is_aware(value)
