"""iCalendar (RFC 5545): ids that stay, a SEQUENCE that grows, cancellations that are told."""

import zoneinfo
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from icalendar import Calendar, vUri
from icalendar import Event as Entry

from events.models import Event
from submissions.programme.clock import zone_of
from submissions.programme.models import Slot

REFRESH = timedelta(minutes=30)


def latest_slots(event: Event) -> list[tuple[Slot, bool]]:
    """Of each session ever released its last place, and whether it still stands: two queries."""
    slots = (
        Slot.objects.filter(version__event=event, version__number__isnull=False)
        .select_related("version", "session__track", "session__event", "room")
        .prefetch_related("session__contributors")
        .order_by("version__number")
    )
    newest, last = 0, {}
    for slot in slots:
        newest = max(newest, slot.version.number or 0)
        last[slot.session_id] = slot
    return [
        (slot, slot.version.number == newest and slot.session.cancelled_at is None)
        for slot in last.values()
    ]


def calendar(
    event: Event, *, only: Collection[object] | None = None, links: bool = False, name: str = ""
) -> bytes:
    """The event's sessions, or `only` those with these keys; room links for those who attend."""
    feed = Calendar()
    feed.add("prodid", "-//Podium//Programme//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name or event.name)
    feed.add("x-wr-timezone", event.timezone)
    feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", REFRESH)
    for slot, stands in latest_slots(event):
        if only is None or slot.session_id in only:
            feed.add_component(_entry(slot, stands, zone_of(event), links))
    feed.add_missing_timezones()
    return bytes(feed.to_ical())


def _entry(slot: Slot, stands: bool, zone: zoneinfo.ZoneInfo, links: bool) -> Entry:
    session = slot.session
    entry = Entry()
    entry.add("uid", f"{session.pk}@podium")
    entry.add("sequence", session.sequence)
    entry.add("dtstamp", slot.version.released_at)
    entry.add("summary", session.title)
    entry.add("dtstart", slot.starts_at.astimezone(zone))
    entry.add("dtend", slot.ends_at.astimezone(zone))
    entry.add("status", "CONFIRMED" if stands else "CANCELLED")
    names = ", ".join(c.name for c in session.contributors.all() if c.withdrawn_at is None)
    entry.add("description", "\n\n".join(part for part in (names, session.abstract) if part))
    if slot.room:
        entry.add("location", slot.room.name)
    address = settings.PODIUM_ADDRESS.rstrip("/") + session.get_absolute_url()
    entry["url"] = vUri(slot.room.link if links and slot.room and slot.room.link else address)
    if session.track:
        entry.add("categories", [session.track.name])
    return entry
