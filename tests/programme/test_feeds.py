"""iCalendar and frab: read back by other people's libraries."""

import json
import xml.etree.ElementTree as ET

import icalendar
import pytest
from django.urls import reverse

from submissions.programme import feeds, frab
from submissions.programme.actions import calendars, hall, release
from tests.programme.conference import at, make_room, make_talk, place, release_now


@pytest.fixture
def talk(event, author):
    event.timezone = "America/Los_Angeles"
    event.save()
    made = make_talk(event, "Kestrels, “quoted”; and\nmore", author)
    place(made, make_room(event, link="https://meet.example.org/a"), at(17))
    release_now(event)
    return made


def entries(body: bytes) -> list:
    """Strictly: a component that the library could not read is an error."""
    calendar = icalendar.Calendar.from_ical(body)
    assert not calendar.errors
    assert all(not part.errors for part in calendar.walk())
    return calendar.walk("VEVENT")


def test_feed_has_stable_ids_zones_and_a_growing_sequence(event, talk):
    (first,) = entries(feeds.calendar(event))
    assert first["uid"] == f"{talk.pk}@podium"
    assert first.decoded("dtstart") == at(17)
    assert first["dtstart"].params["TZID"] == "America/Los_Angeles"
    assert b"BEGIN:VTIMEZONE" in feeds.calendar(event)
    place(talk, None, at(18))
    release_now(event)
    (second,) = entries(feeds.calendar(event))
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second.decoded("dtstart") == at(18)


def test_feed_imported_twice_has_no_duplicates(event, talk):
    """A client keys entries by UID: the second import takes the place of the first."""
    kept = {}
    for _import in range(2):
        for entry in entries(feeds.calendar(event)):
            kept[str(entry["uid"])] = entry
    assert len(kept) == 1


@pytest.mark.parametrize("how", ["cancelled", "taken out"])
def test_what_no_longer_takes_place_is_cancelled_in_the_feed(event, organizer, talk, how):
    if how == "cancelled":
        release.cancel(organizer, talk)
    else:
        from submissions.programme.actions import schedule

        place(make_talk(event, "Another"), None, at(9))
        schedule.unplace(organizer, talk)
        release_now(event)
    entry = next(e for e in entries(feeds.calendar(event)) if e["uid"] == f"{talk.pk}@podium")
    assert entry["status"] == "CANCELLED"
    assert entry["sequence"] > 0


def test_private_calendar_has_what_its_owner_starred_and_dies_with_its_address(
    client, event, rival, talk
):
    place(make_talk(event, "Unstarred"), None, at(9))
    release_now(event)
    hall.star(rival, talk, on=True)
    address = calendars.address_of(rival, event)
    (entry,) = entries(client.get(address).content)
    assert entry["uid"] == f"{talk.pk}@podium"
    assert entry["url"] == "https://meet.example.org/a"  # who takes part is told the room's link
    assert b"meet.example.org" not in feeds.calendar(event)  # the public feed is not
    calendars.renew(rival, event)
    assert client.get(address).status_code == 404


NEEDED = {
    "guid",
    "id",
    "date",
    "start",
    "duration",
    "room",
    "slug",
    "url",
    "title",
    "persons",
    "track",
    "type",
    "language",
    "abstract",
    "description",
    "links",
    "attachments",
}


def test_schedule_json_has_the_fields_that_the_public_schema_requires(client, event, talk):
    told = json.loads(client.get(reverse("programme:json", args=[event.slug])).content)
    conference = told["schedule"]["conference"]
    assert {
        "acronym",
        "title",
        "start",
        "end",
        "daysCount",
        "timeslot_duration",
        "time_zone_name",
        "rooms",
        "days",
    } <= conference.keys()
    (day,) = conference["days"]
    assert {"index", "date", "day_start", "day_end", "rooms"} <= day.keys()
    (entry,) = day["rooms"]["Hall A"]
    assert entry.keys() >= NEEDED
    assert entry["guid"] == str(talk.pk)
    assert (entry["start"], entry["duration"]) == ("09:00", "00:30")


def test_schedule_xml_says_the_same(event, talk):
    root = ET.fromstring(frab.xml(event))
    (entry,) = root.iter("event")
    assert entry.get("guid") == str(talk.pk)
    assert entry.findtext("start") == "09:00"
    assert [p.text for p in entry.iter("person")] == ["Author"]


def test_embedded_agenda_is_the_only_page_that_may_be_framed(client, event, talk):
    embed = client.get(reverse("programme:embed", args=[event.slug]))
    assert "frame-ancestors *" in embed["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed
    page = client.get(reverse("programme:agenda", args=[event.slug]))
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
