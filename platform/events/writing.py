"""How the events room writes its part of an event as plain data: what `create_event` reads."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.duration import duration_iso_string

from events.actions.making import FIELDS, PAGE, QUESTION, TRACK
from events.models import Event, Phase, usual_grace


def written(event: Event) -> dict[str, Any]:
    """Everything that differs from its default, so that a file stays as short as it was written."""
    zone = ZoneInfo(event.timezone)
    told = _fields(event, FIELDS, zone)
    told["tracks"] = [_fields(track, TRACK, zone) for track in event.tracks.all()]
    told["phases"] = {phase.kind: _window(phase, zone) for phase in event.phases.all()}
    told["pages"] = [_fields(page, PAGE, zone) for page in event.pages.all()]
    if conduct := event.conducts.first():
        told["conduct"] = conduct.text
    told["questions"] = _questions(event, zone)
    return {name: value for name, value in told.items() if value not in ([], {})}


def _questions(event: Event, zone: ZoneInfo) -> list[dict[str, Any]]:
    told = []
    for question in event.questions.select_related("depends_on", "required_track"):
        fields = _fields(question, QUESTION, zone)
        if question.required_track:
            fields["required_track"] = question.required_track.slug
        if question.depends_on:
            fields["depends_on"] = question.depends_on.slug
        told.append(fields)
    return told


def _fields(row: models.Model, names: tuple[str, ...], zone: ZoneInfo) -> dict[str, Any]:
    """The first two always (they name the thing), the others where they are not the default."""
    values = {name: getattr(row, name) for name in names}
    return {
        name: plain(value, zone)
        for name, value in values.items()
        if name in names[:2] or value != row._meta.get_field(name).get_default()  # type: ignore[union-attr]
    }


def _window(phase: Phase, zone: ZoneInfo) -> list[Any] | dict[str, Any]:
    opens, closes = plain(phase.opens_at, zone), plain(phase.closes_at, zone)
    more: dict[str, Any] = {"name": phase.name} if phase.name else {}
    if phase.grace != usual_grace():
        more["grace"] = duration_iso_string(phase.grace)
    return {"opens": opens, "closes": closes} | more if more else [opens, closes]


def plain(value: Any, zone: ZoneInfo) -> Any:
    """What YAML can write: times in the event's zone, durations as ISO 8601."""
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    return value
