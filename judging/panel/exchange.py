"""Criteria and the ways of the panel in an event's YAML."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from events import exchange
from events.models import Event
from events.rules import can_run
from judging.panel import actions
from judging.panel.models import Criterion, Panel, panel_of
from notices.actions import record
from theme.refusal import Refused

CRITERION = ("name", "question", "weight", "steps", "shown_as", "optional", "anchors")
PANEL = ("evidence", "pairs", "blind", "discussion", "shows_scores", "second_organizer", "cap")


def dump_criteria(event: Event) -> list[dict[str, Any]]:
    rows = event.criteria.select_related("track")
    return [
        {name: getattr(row, name) for name in CRITERION}
        | ({"track": row.track.slug} if row.track else {})
        for row in rows
    ]


def load_criteria(user: User, event: Event, data: object) -> None:
    if not isinstance(data, list):
        raise Refused("criteria: " + _("must be a list."), code="event.invalid")
    if not can_run(user, event) or event.criteria.exists():
        raise Refused("criteria: " + _("are for a new event of yours."), code="event.invalid")
    for position, told in enumerate(data):
        criterion = _criterion(event, position, told)
        criterion.save()  # whatever the clock says: an event under way comes back as it was, too
        record(user, "save_criterion", criterion, weight=criterion.weight, steps=criterion.steps)


def _criterion(event: Event, position: int, told: object) -> Criterion:
    """A row that may be saved, or a refusal with the place."""
    try:
        fields = dict(told)  # type: ignore[call-overload]
        slug = fields.pop("track", None)
        track = event.tracks.get(slug=slug) if slug else None
        made = Criterion(event=event, track=track, position=position, **fields)
        made.full_clean()
    except (TypeError, ValueError, ValidationError, event.tracks.model.DoesNotExist) as error:
        said = "; ".join(getattr(error, "messages", None) or [str(error)])
        raise Refused(f"criterion {position + 1}: {said}", code="event.invalid") from None
    return made


def dump_panel(event: Event) -> dict[str, Any]:
    """Only what is not as usual."""
    usual, found = Panel(), panel_of(event)
    told = {name: getattr(found, name) for name in PANEL}
    return {name: value for name, value in told.items() if value != getattr(usual, name)}


def load_panel(user: User, event: Event, data: object) -> None:
    if not isinstance(data, dict) or not set(data) <= set(PANEL):
        raise Refused("panel: " + _("has a setting that does not exist."), code="event.invalid")
    try:
        Panel(event=event, **data).full_clean()
    except ValidationError as error:
        raise Refused(f"panel: {'; '.join(error.messages)}", code="event.invalid") from None
    actions.set_up(user, event, **data)


def register() -> None:
    exchange.register("criteria", dump=dump_criteria, load=load_criteria)
    exchange.register("panel", dump=dump_panel, load=load_panel)
