"""What people do with an event's entry types: take the usual ones, make one, change it."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from events.rules import can_run
from notices.actions import record
from submissions.entries.models import EntryType
from theme.refusal import Refused

PROJECT: Final[dict[str, Any]] = {
    "slug": "project",
    "kind": EntryType.Kind.PROJECT,
    "name": "Project",
    "belongs_to": EntryType.BelongsTo.TEAM,
}
WRITTEN: Final[dict[str, dict[str, Any]]] = {
    "title": {},
    "summary": {},
    "description": {},
    "video_url": {},
    "paper_url": {},
    "repository_url": {},
}
TALK: Final[dict[str, Any]] = {
    "slug": "talk",
    "kind": EntryType.Kind.TALK,
    "name": "Talk",
    "belongs_to": EntryType.BelongsTo.AUTHORS,
    "fields": WRITTEN,
    "uses_tracks": False,
    "blind": True,
    "decided": True,
}
POSTER: Final[dict[str, Any]] = TALK | {
    "slug": "poster",
    "kind": EntryType.Kind.POSTER,
    "name": "Poster",
    "uses_tracks": True,
}
PROPOSAL: Final[dict[str, Any]] = {
    "slug": "proposal",
    "kind": EntryType.Kind.PROPOSAL,
    "name": "Proposal",
    "belongs_to": EntryType.BelongsTo.PERSON,
    "fields": {name: {} for name in ("title", "summary", "description", "repository_url")},
    "uses_tracks": False,
    "decided": True,
}
DEFAULT: Final[dict[str, list[dict[str, Any]]]] = {
    Event.Kind.HACKATHON: [PROJECT],
    Event.Kind.CONFERENCE: [TALK, POSTER],
    Event.Kind.PROGRAMME: [PROPOSAL],
}


@transaction.atomic
def use_default_types(actor: User | None, event: Event) -> list[EntryType]:
    """Gives an event without entry types those of its kind; an event that has some keeps them."""
    if event.entry_types.exists():
        return list(event.entry_types.all())
    told = DEFAULT[event.kind]
    made = [
        EntryType.objects.get_or_create(
            event=event, slug=one["slug"], defaults=one | {"position": position}
        )[0]
        for position, one in enumerate(told)
    ]
    record(actor, "use_default_types", event, types=[one.slug for one in made])
    return made


@transaction.atomic
def create_type(user: User | None, event: Event, **told: Any) -> EntryType:
    """Raises Refused with what is wrong; `user` is None when the system itself sets up an event."""
    if user is not None and not can_run(user, event):
        raise Refused(_("Only organizers say what is handed in."), code="entry_type.not_yours")
    made = EntryType(event=event, position=event.entry_types.count(), **told)
    try:
        made.full_clean()
    except ValidationError as error:
        raise Refused("; ".join(error.messages), code="entry_type.invalid") from None
    made.save()
    record(user, "create_type", made, name=made.name)
    return made
