"""The conference's real talks and posters as what their authors handed in, accepted."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from events.models import Event
from submissions.entries import actions, deciding
from submissions.entries.entry_types import use_default_types
from submissions.entries.handing_in import hand_in
from submissions.entries.models import Decision, EntryType, Submission
from submissions.programme.models import Poster, Session


def hand_in_all(organizer: User, event: Event, told: dict[str, Any]) -> None:
    """While the types' own window is open; afterwards they follow the event's again. Nobody of
    them has an account here, so they are handed in as the deadline does it."""
    types = {one.kind: one for one in use_default_types(None, event)}
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=90), "closes_at": now + timedelta(hours=1)}
    event.entry_types.update(**window)
    tracks = {track.slug: track for track in event.tracks.all()}
    for talk in told["talks"]:
        authors = [{"name": name, "presents": True} for name in talk["speakers"]]
        made = _accepted(organizer, event, types[EntryType.Kind.TALK], talk, authors)
        Session.objects.filter(event=event, title=talk["title"]).update(submission=made)
    for poster in told["posters"]:
        authors = [{"name": name} for name in poster["authors"]]
        track = tracks[poster["track"]]
        made = _accepted(organizer, event, types[EntryType.Kind.POSTER], poster, authors, track)
        Poster.objects.filter(event=event, title=poster["title"]).update(submission=made)
    event.entry_types.update(opens_at=None, closes_at=None)


def _accepted(
    organizer: User,
    event: Event,
    kind: EntryType,
    told: dict[str, Any],
    authors: list[dict[str, Any]],
    track: Any = None,
) -> Submission:
    text = {"title": told["title"], "summary": told["abstract"], "description": told["abstract"]}
    draft = actions.create_draft(
        organizer, event, entry_type=kind, track=track, authors=authors, **text
    )
    hand_in(None, draft)
    return deciding.move(organizer, draft, to=Decision.ACCEPTED)
