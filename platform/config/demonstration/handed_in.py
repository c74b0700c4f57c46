"""The conference's talks and posters as what their authors handed in; then all are accepted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from events.models import Event
from submissions.entries import actions, deciding
from submissions.entries import authors as people
from submissions.entries.entry_types import use_default_types
from submissions.entries.handing_in import hand_in
from submissions.entries.models import Decision, EntryType

Kind = EntryType.Kind
MADE_UP = "This {what} is made up, so that the {whole} has its real size."


def hand_in_all(organizer: User, event: Event, told: dict[str, Any], participant: User) -> None:
    """While the types' own window is open; afterwards they follow the event's again. Their authors
    have no account here, so all are handed in as the deadline does it; the last example is the
    participant's own."""
    types = {one.kind: one for one in use_default_types(None, event)}
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=90), "closes_at": now + timedelta(hours=1)}
    event.entry_types.update(**window)
    tracks = {track.slug: track for track in event.tracks.all()}
    for kind, one in [*_talks(told), *_posters(told, [*tracks])]:
        names = one["speakers"] if kind == Kind.TALK else one["authors"]
        authors = [{"name": name, "presents": kind == Kind.TALK} for name in names]
        if one.get("own"):
            authors = [people.of(participant)]
        text = {"title": one["title"], "summary": one["abstract"], "description": one["abstract"]}
        draft = actions.create_draft(
            organizer,
            event,
            entry_type=types[kind],
            track=tracks[one["track"]] if kind == Kind.POSTER else None,
            authors=authors,
            **text,
        )
        hand_in(None, draft)
        deciding.draft_decision(organizer, draft, decision=Decision.ACCEPTED)
    deciding.release(organizer, event)
    event.entry_types.update(opens_at=None, closes_at=None)


def _talks(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for talk in told["talks"]:
        yield Kind.TALK, talk
    for number in range(len(told["talks"]) + 1, told["fill"]["talks"] + 1):
        yield (
            Kind.TALK,
            _example("talk", number, "programme") | {"speakers": [f"Example speaker {number}"]},
        )


def _posters(told: dict[str, Any], tracks: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for poster in told["posters"]:
        yield Kind.POSTER, poster
    last = told["fill"]["posters"]
    for number in range(len(told["posters"]) + 1, last + 1):
        yield (
            Kind.POSTER,
            _example("poster", number, "hall")
            | {
                "authors": [f"Example author {number}"],
                "track": tracks[number % len(tracks)],
                "own": number == last,
            },
        )


def _example(what: str, number: int, whole: str) -> dict[str, Any]:
    abstract = MADE_UP.format(what=what, whole=whole)
    return {"title": f"Example {what} {number} (made up)", "abstract": abstract}
