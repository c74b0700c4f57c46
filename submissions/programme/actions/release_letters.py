"""Who is told of a released version: those whom its changes concern, and nobody else."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from events.models import Event
from notices.actions import post
from submissions.programme.actions.letters import address, speakers_of
from submissions.programme.changes import Change, Place
from submissions.programme.clock import zone_of
from submissions.programme.facts import sentences
from submissions.programme.models import Contributor, Star, Version

Told = dict[User, list[Change]]


def tell_of_changes(version: Version, different: Sequence[Change]) -> None:
    """One mail to each whose own sessions changed, one to each who starred one that moved."""
    posters = _posters_of(different)
    mine = _presenting(different, posters)
    for template, people in (
        ("your_sessions", mine),
        ("starred_sessions", _starring(different, mine)),
    ):
        for user, own in people.items():
            post(
                user,
                f"programme/mail/{template}",
                cause=f"programme:{template}:{version.pk}",
                event=version.event,
                optional=template == "starred_sessions",
                event_name=version.event.name,
                number=version.number,
                note=version.note,
                lines=[_line(version.event, change, posters.get(user, set())) for change in own],
                link=address("agenda", version.event.slug),
            )


def _posters_of(different: Sequence[Change]) -> dict[User, set[str]]:
    """{author: the own posters that got another board}."""
    changed = [poster for change in different for poster in change.facts.get("boards", {})]
    authors = Contributor.objects.active().filter(poster_id__in=changed, user__isnull=False)
    found: dict[User, set[str]] = defaultdict(set)
    for one in authors.select_related("user"):
        if one.user:
            found[one.user].add(str(one.poster_id))
    return found


def _presenting(different: Sequence[Change], posters: dict[User, set[str]]) -> Told:
    """Whose times or title changed; of a poster session that stayed where it was, only the authors
    whose own board is another."""
    people = speakers_of([change.session for change in different])
    found: Told = defaultdict(list)
    for change in different:
        boards = change.facts.get("boards")
        for user in dict.fromkeys(people.get(change.session, [])):
            if change.kind != "changed" or not boards or posters.get(user, set()) & boards.keys():
                found[user].append(change)
    return found


def _starring(different: Sequence[Change], mine: Told) -> Told:
    by_session = {c.session: c for c in different if c.kind in ("moved", "gone")}
    found: Told = defaultdict(list)
    for star in Star.objects.filter(session_id__in=list(by_session)).select_related("user"):
        change = by_session[star.session_id]  # type: ignore[index]
        if change not in mine.get(star.user, []):
            found[star.user].append(change)
    return found


def _line(event: Event, change: Change, posters: set[str]) -> dict[str, Any]:
    return {
        "title": change.title,
        "kind": change.kind,
        "before": in_words(event, change.before),
        "after": in_words(event, change.after),
        "sentences": sentences(change.facts, posters),
    }


def in_words(event: Event, place: Place | None) -> str:
    """ "1 December 2021, 15:00 to 15:30 (Europe/Berlin), Hall A"."""
    if place is None:
        return ""
    room, *ends = place
    start, end = (datetime.fromisoformat(t).astimezone(zone_of(event)) for t in ends)
    where = f", {room}" if room else ""
    return f"{start:%-d %B %Y, %H:%M} to {end:%H:%M} ({event.timezone}){where}"
