"""The released schedule as its readers want it: by day, track, room, speaker, in a zone."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import Viewer
from events.models import Event, Track
from submissions.programme.models import Contributor, Slot, Star, Version


@dataclass(frozen=True)
class Item:
    """One line of an agenda; times in the zone it is shown in."""

    slot: Slot
    starts: datetime
    ends: datetime
    speakers: list[Contributor]
    starred: bool = False
    boards: list[Any] = field(default_factory=list)  # [number, poster, title], of a version

    @property
    def is_cancelled(self) -> bool:
        return self.slot.session.cancelled_at is not None


def current_version(event: Event) -> Version | None:
    return Version.objects.released().filter(event=event).order_by("-number").first()


def items(
    version: Version | None, zone: zoneinfo.ZoneInfo, viewer: Viewer | None = None
) -> list[Item]:
    """Every slot of a version, in order: three queries however many there are."""
    if version is None:
        return []
    speaking = Contributor.objects.active().select_related("user")
    slots = version.slots.select_related("session__event", "session__track", "room")
    slots = slots.prefetch_related(
        Prefetch("session__contributors", speaking, to_attr="speaking")
    ).order_by("starts_at", "room__position", "pk")
    stars: set[object] = set()
    if viewer is not None and viewer.is_authenticated:
        mine = Star.objects.filter(user_id=viewer.pk, session__event_id=version.event_id)
        stars = {*mine.values_list("session_id", flat=True)}
    return [
        Item(
            slot,
            slot.starts_at.astimezone(zone),
            slot.ends_at.astimezone(zone),
            slot.session.speaking,  # type: ignore[attr-defined]
            slot.session_id in stars,
        )
        for slot in slots
    ]


def as_released(version: Version, found: Iterable[Item]) -> list[Item]:
    """The same lines with titles, speakers, categories and boards as they were then."""
    kept = version.facts or {}
    return [_as_kept(item, kept.get(str(item.slot.session_id))) for item in found]


def _as_kept(item: Item, kept: dict[str, Any] | None) -> Item:
    if kept is None:
        return item
    session = item.slot.session  # this line's own copy
    session.title = kept["title"]
    if kept["track"] is None:
        session.track = None
    elif session.track is None or session.track.slug != kept["track"][0]:
        session.track = Track(slug=kept["track"][0], name=kept["track"][1])
    speakers = [Contributor(name=name) for name in kept["speakers"]]
    same = [one.name for one in item.speakers] == kept["speakers"]
    return replace(item, speakers=item.speakers if same else speakers, boards=kept["boards"])


def by_day(found: Iterable[Item]) -> list[tuple[date, list[Item]]]:
    days: dict[date, list[Item]] = {}
    for item in found:
        days.setdefault(item.starts.date(), []).append(item)
    return sorted(days.items())


@dataclass(frozen=True)
class Wish:
    """What a reader wants to see of an agenda; empty is everything."""

    day: str = ""
    track: str = ""
    room: str = ""
    speaker: str = ""
    starred: bool = False

    def takes(self, item: Item) -> bool:
        session = item.slot.session
        return (
            (not self.day or item.starts.date().isoformat() == self.day)
            and (not self.track or (session.track is not None and session.track.slug == self.track))
            and (not self.room or (item.slot.room is None or str(item.slot.room_id) == self.room))
            and (not self.speaker or any(s.name == self.speaker for s in item.speakers))
            and (not self.starred or item.starred)
        )


def now_and_next(found: Iterable[Item]) -> tuple[list[Item], list[Item]]:
    """What is on, and what begins next (all that begins at the same time)."""
    now = timezone.now()
    alive = [item for item in found if not item.is_cancelled]
    on = [item for item in alive if item.slot.starts_at <= now < item.slot.ends_at]
    later = [item for item in alive if item.slot.starts_at > now]
    first = min((item.slot.starts_at for item in later), default=None)
    return on, [item for item in later if item.slot.starts_at == first]
