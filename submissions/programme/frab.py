"""The released schedule in the formats that conference apps read: frab's schedule.json and
schedule.xml (github.com/frab/frab, github.com/voc/schedule)."""

import uuid
import xml.etree.ElementTree as ET
from typing import Any

from django.conf import settings

from events.models import Event
from submissions.programme.agenda import Item, by_day, current_version, items
from submissions.programme.clock import zone_of

GENERATOR = {"name": "Podium", "version": "1"}
SPACE = uuid.UUID("6f1a7c1e-8a3e-4f5b-9a55-0d6d5b0f2c11")


def _hours(item: Item) -> str:
    minutes = int(item.slot.length.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _number(item: Item) -> int:
    """Apps want a whole number as id: the first 48 bits of the session's own."""
    return int(item.slot.session_id.int >> 80)


def schedule(event: Event) -> dict[str, Any]:
    """schedule.json of the version released last; cancelled sessions are left out."""
    version, zone = current_version(event), zone_of(event)
    days = by_day(item for item in items(version, zone) if not item.is_cancelled)
    every = [item for _day, found in days for item in found]
    rooms = sorted({i.slot.room for i in every if i.slot.room}, key=lambda r: (r.position, r.pk))
    base = settings.PODIUM_ADDRESS.rstrip("/")
    return {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": GENERATOR,
        "schedule": {
            "url": base + event.get_absolute_url(),
            "version": str(version.number if version else 0),
            "base_url": base + event.get_absolute_url(),
            "conference": {
                "acronym": event.slug,
                "title": event.name,
                "start": days[0][0].isoformat() if days else None,
                "end": days[-1][0].isoformat() if days else None,
                "daysCount": len(days),
                "timeslot_duration": "00:05",
                "time_zone_name": event.timezone,
                "rooms": [
                    {"name": r.name, "slug": str(r.pk), "guid": str(uuid.uuid5(SPACE, str(r.pk)))}
                    for r in rooms
                ],
                "tracks": [
                    {"name": t.name, "slug": t.slug, "color": "#4a7fc9"} for t in event.tracks.all()
                ],
                "days": [_day(n, *told, base) for n, told in enumerate(days, start=1)],
            },
        },
    }


def _day(number: int, date: Any, found: list[Item], base: str) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for item in found:
        name = item.slot.room.name if item.slot.room else "Everywhere"
        rooms.setdefault(name, []).append(_talk(item, name, base))
    return {
        "index": number,
        "date": date.isoformat(),
        "day_start": found[0].starts.isoformat(),
        "day_end": max(item.ends for item in found).isoformat(),
        "rooms": rooms,
    }


def _talk(item: Item, room: str, base: str) -> dict[str, Any]:
    session = item.slot.session
    address = base + session.get_absolute_url()
    return {
        "guid": str(session.pk),
        "id": _number(item),
        "code": str(session.pk)[:8],
        "logo": None,
        "date": item.starts.isoformat(),
        "start": f"{item.starts:%H:%M}",
        "duration": _hours(item),
        "room": room,
        "slug": f"{session.event.slug}-{str(session.pk)[:8]}",
        "url": address,
        "title": session.title,
        "subtitle": "",
        "track": session.track.name if session.track else None,
        "type": session.kind,
        "language": "en",
        "abstract": session.abstract,
        "description": "",
        "recording_license": "",
        "do_not_record": False,
        "persons": [
            {
                "guid": str(uuid.uuid5(SPACE, f"person {c.pk}")),
                "id": c.pk,
                "name": c.name,
                "public_name": c.name,
                "biography": None,
                "answers": [],
            }
            for c in item.speakers
        ],
        "links": [],
        "attachments": [],
        "answers": [],
    }


def xml(event: Event) -> bytes:
    """schedule.xml with the same content."""
    told = schedule(event)["schedule"]
    conference = told["conference"]
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name="Podium", version="1")
    ET.SubElement(root, "version").text = told["version"]
    head = ET.SubElement(root, "conference")
    for name, value in {
        "acronym": conference["acronym"],
        "title": conference["title"],
        "start": conference["start"],
        "end": conference["end"],
        "days": conference["daysCount"],
        "timeslot_duration": "00:05",
        "time_zone_name": conference["time_zone_name"],
        "base_url": told["base_url"],
    }.items():
        ET.SubElement(head, name).text = _fit(value)
    for day in conference["days"]:
        about = {name: day[key] for name, key in (("date", "date"), ("start", "day_start"))}
        element = ET.SubElement(root, "day", index=str(day["index"]), end=day["day_end"], **about)
        for name, talks in day["rooms"].items():
            room = ET.SubElement(element, "room", name=_fit(name))
            for talk in talks:
                _xml_talk(room, talk)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _xml_talk(room: ET.Element, talk: dict[str, Any]) -> None:
    element = ET.SubElement(room, "event", guid=talk["guid"], id=str(talk["id"]))
    plain = ("date", "start", "duration", "room", "slug", "url", "title", "subtitle", "track")
    for name in (*plain, "type", "language", "abstract", "description"):
        ET.SubElement(element, name).text = _fit(talk[name])
    recording = ET.SubElement(element, "recording")
    ET.SubElement(recording, "license")
    ET.SubElement(recording, "optout").text = "false"
    persons = ET.SubElement(element, "persons")
    for person in talk["persons"]:
        ET.SubElement(persons, "person", id=str(person["id"])).text = _fit(person["name"])
    ET.SubElement(element, "links")
    ET.SubElement(element, "attachments")


def _fit(value: object) -> str:
    """Text without the control characters that XML does not know."""
    text = "" if value is None else str(value)
    return "".join(c for c in text if c >= " " or c in "\t\n\r")
