"""The programme's part of an event's YAML: settings, rooms, days, sessions, posters and boards.

Times stand as the event's clocks show them. Speakers and authors stand by name: accounts,
questions, votes and feedback are people's own and stay behind.
"""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Track
from submissions.programme import rules
from submissions.programme.actions import hall, presenters, schedule
from submissions.programme.clock import moment, wall
from submissions.programme.models import Poster, Session, Slot
from theme.refusal import Refused

SETTINGS = ("hall_public", "moderated", "release_form", "embed_from")
FACTS = ("kind", "title", "abstract", "minutes", "expected")
LINKS = ("video_url", "code_url", "paper_url")


def dump(event: Event) -> dict[str, Any]:
    programme = rules.programme_of(event)
    usual = type(programme)(event=event)
    told: dict[str, Any] = {
        name: getattr(programme, name)
        for name in SETTINGS
        if getattr(programme, name) != getattr(usual, name)
    }
    told["rooms"] = [
        {"name": r.name, "capacity": r.capacity, "link": r.link, "position": r.position}
        for r in event.rooms.filter(retired=False)
    ]
    told["days"] = [
        {"date": d.date, "opens": f"{d.opens:%H:%M}", "closes": f"{d.closes:%H:%M}"}
        for d in event.days.all()
    ]
    told["posters"] = [_poster(p) for p in event.posters.prefetch_related("contributors", "track")]
    told["sessions"] = [_session(event, s) for s in event.sessions.all()]
    return {name: value for name, value in told.items() if value not in ([], None)}


def _names(thing: Session | Poster) -> list[str]:
    return [one.name for one in thing.contributors.all() if one.withdrawn_at is None]


def _poster(poster: Poster) -> dict[str, Any]:
    told = {"title": poster.title, "track": poster.track.slug, "authors": _names(poster)}
    told |= {name: getattr(poster, name) for name in ("abstract", *LINKS) if getattr(poster, name)}
    return told


def _session(event: Event, session: Session) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(session, name) for name in FACTS if getattr(session, name)
    }
    told["kind"] = str(session.kind)
    if session.track:
        told["track"] = session.track.slug
    if names := _names(session):
        told["speakers"] = names
    if boards := list(session.boards.select_related("poster")):
        told["boards"] = {board.number: board.poster.title for board in boards}
    slot = Slot.objects.filter(session=session, version__number=None).first()
    if slot is not None:
        told["room"] = slot.room.name if slot.room else None
        told["starts"] = wall(event, slot.starts_at)
        told["ends"] = wall(event, slot.ends_at)
    return told


def load(actor: User, event: Event, data: Any) -> None:
    """Raises Refused with the place of what is wrong."""
    try:
        _load(actor, event, data)
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
        raise Refused(
            _("programme: something is missing or of the wrong kind (%(what)s).")
            % {"what": str(error)[:200]},
            code="programme.malformed",
        ) from None


def _load(actor: User, event: Event, data: dict[str, Any]) -> None:
    settings = {name: data[name] for name in SETTINGS if name in data}
    if settings:
        schedule.save_settings(actor, event, **settings)
    rooms = {r["name"]: schedule.save_room(actor, event, **r) for r in data.get("rooms", [])}
    for day in data.get("days", []):
        schedule.save_day(
            actor,
            event,
            date=_date(day["date"]),
            opens=_time(day["opens"]),
            closes=_time(day["closes"]),
        )
    tracks = {track.slug: track for track in event.tracks.all()}
    posters = {p["title"]: _read_poster(actor, event, p, tracks) for p in data.get("posters", [])}
    for told in data.get("sessions", []):
        session = _read_session(actor, event, told, tracks)
        for number, title in told.get("boards", {}).items():
            hall.hang(actor, posters[title], session=session, number=int(number))
        if told.get("starts"):
            schedule.place(
                actor,
                session,
                room=rooms[told["room"]] if told.get("room") else None,
                start=moment(event, _moment(told["starts"])),
                end=moment(event, _moment(told["ends"])),
            )


def _read_poster(
    actor: User, event: Event, told: dict[str, Any], tracks: dict[str, Track]
) -> Poster:
    more = {name: told[name] for name in ("abstract", *LINKS) if name in told}
    track = tracks[told["track"]]
    poster = hall.save_poster(actor, event, title=told["title"], track=track, **more)
    for name in told.get("authors", []):
        presenters.name_contributor(actor, poster, name=name)
    return poster


def _read_session(
    actor: User, event: Event, told: dict[str, Any], tracks: dict[str, Track]
) -> Session:
    facts = {name: told[name] for name in FACTS if name in told}
    track = tracks[told["track"]] if told.get("track") else None
    session = schedule.save_session(actor, event, track=track, **facts)
    for name in told.get("speakers", []):
        presenters.name_contributor(actor, session, name=name)
    return session


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _time(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(str(value))


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
