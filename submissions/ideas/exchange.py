"""The ideas of an event in its file. Mentors stand by name; accounts are people's own."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from submissions.ideas.actions import PLAIN, save_idea, set_published
from submissions.ideas.models import Idea
from theme.refusal import Refused

OWN = tuple(name for name in PLAIN if name != "position")  # the order of the list says it
KNOWN = (*OWN, "published", "mentors", "resources")


def dump(event: Event) -> list[dict[str, Any]]:
    return [_told(idea) for idea in event.ideas.prefetch_related("mentors", "resources")]


def _told(idea: Idea) -> dict[str, Any]:
    told = {name: getattr(idea, name) for name in (*OWN, "published")}
    told["mentors"] = [_given(name=one.name, link=one.link) for one in idea.mentors.all()]
    told["resources"] = [
        _given(label=one.label, address=one.address) for one in idea.resources.all()
    ]
    return _given(**told)


def _given(**told: Any) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in ("", False, [])}


def load(actor: User, event: Event, data: Any) -> None:
    """Raises Refused with the place of what is wrong."""
    if not isinstance(data, list):
        raise Refused("ideas: " + _("must be a list."), code="event.invalid")
    for number, told in enumerate(data, start=1):
        try:
            _load(actor, event, told, number)
        except Refused as refused:
            raise Refused(f"ideas {number}: {refused}", code="event.invalid") from None


def _load(actor: User, event: Event, told: Any, number: int) -> None:
    _refuse_unknown(told, KNOWN)
    for name in OWN:
        wanted = bool if name == "several_students" else str
        if name in told and not isinstance(told[name], wanted):
            raise _malformed(name)
    if not isinstance(told.get("published", False), bool):
        raise _malformed("published")
    mentors = _rows(told, "mentors", ("name", "link"))
    resources = _rows(told, "resources", ("label", "address"))
    plain = {name: told[name] for name in OWN if name in told}
    idea = save_idea(actor, event, position=number, mentors=mentors, resources=resources, **plain)
    if told.get("published"):
        set_published(actor, idea, on=True)


def _rows(told: dict[str, Any], name: str, known: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = told.get(name, [])
    if not isinstance(rows, list):
        raise _malformed(name)
    for row in rows:
        _refuse_unknown(row, known)
        if not all(isinstance(value, str) for value in row.values()):
            raise _malformed(name)
    return rows


def _refuse_unknown(told: Any, known: tuple[str, ...]) -> None:
    if not isinstance(told, dict) or not {*told} <= {*known}:
        raise Refused(_("knows only %s.") % ", ".join(known), code="event.invalid")


def _malformed(name: str) -> Refused:
    return Refused(_("%(name)s is of the wrong kind.") % {"name": name}, code="event.invalid")
