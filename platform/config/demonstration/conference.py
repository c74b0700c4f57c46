"""The second demonstration: a conference of two days, the second of which is today."""

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from fpdf import FPDF

from accounts.models import User
from config.demonstration.handed_in import hand_in_all
from config.demonstration.people import SIGN_INS
from events import actions as events
from events.models import Event, Phase
from submissions.programme import rules
from submissions.programme.actions import (
    accepted,
    drafting,
    hall,
    questions,
    release,
    schedule,
    uploads,
)
from submissions.programme.clock import on, zone_of
from submissions.programme.models import Poster, Session

FACTS = Path(__file__).with_name("conference.yaml")
HOURS = (time(8), time(17))
MINUTES = 30  # of a talk


def facts() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(FACTS.read_text())
    return told


def load() -> None:
    """Makes the conference if it is missing. The people who sign in exist already."""
    told = facts()
    if not Event.objects.filter(slug=told["slug"]).exists():
        event = make(told)
        draw_posters(event)


@transaction.atomic
def make(told: dict[str, Any]) -> Event:
    organizer = User.objects.get(email=SIGN_INS["organizer"][0])
    participant = User.objects.get(email=SIGN_INS["participant"][0])
    event = make_event(organizer, told)
    for person in (participant, User.objects.get(email=SIGN_INS["judge"][0])):
        events.register(person, event)
    event.admission = Event.Admission.INVITATION  # from now on; these two were invited
    event.save(update_fields=["admission"])
    rooms = {r["name"]: schedule.save_room(organizer, event, **r) for r in told["rooms"]}
    days = make_days(organizer, event)
    hand_in_all(organizer, event, told, participant)
    accepted.bring_in(organizer, event)
    arrange_talks(organizer, event, told)
    sessions = make_poster_sessions(organizer, event, rooms["Poster hall"], days)
    hang_posters(organizer, event, told, sessions)
    make_keynote_and_breaks(organizer, event, rooms["Main stage"], days)
    drafting.draft_automatically(organizer, event)
    release.release(
        organizer,
        event,
        revision=rules.programme_of(event).revision,
        note="The first schedule; talks marked as examples are made up.",
    )
    open_the_hall(organizer, event, participant)
    return event


def make_event(organizer: User, told: dict[str, Any]) -> Event:
    now = timezone.now()
    own = ("slug", "name", "summary", "description", "timezone", "tracks")
    phases = {
        Phase.Kind.REGISTRATION.value: [now - timedelta(days=60), now + timedelta(days=60)],
        Phase.Kind.SUBMISSION.value: [now - timedelta(days=90), now - timedelta(days=30)],
    }
    about = {name: told[name] for name in own}
    more = {"kind": Event.Kind.CONFERENCE, "state": Event.State.PUBLISHED, "phases": phases}
    return events.create_event(organizer, told=about | more)


def make_days(organizer: User, event: Event) -> list[date]:
    today = timezone.now().astimezone(zone_of(event)).date()
    days = [today - timedelta(days=1), today]
    for day in days:
        schedule.save_day(organizer, event, date=day, opens=HOURS[0], closes=HOURS[1])
    return days


def arrange_talks(organizer: User, event: Event, told: dict[str, Any]) -> None:
    """What an organizer says of a talk that its author cannot: category, length, who will come."""
    tracks = list(event.tracks.all())
    real = {talk["title"]: talk for talk in told["talks"]}
    for number, talk in enumerate(event.sessions.order_by("created_at", "pk"), start=1):
        known = real.get(talk.title, {"track": tracks[number % len(tracks)].slug})
        schedule.save_session(
            organizer,
            event,
            session=talk,
            kind=known.get("kind", Session.Kind.TALK),
            track=next((t for t in tracks if t.slug == known.get("track")), None),
            minutes=known.get("minutes", MINUTES),
            expected=known.get("expected"),
        )


def make_poster_sessions(
    organizer: User, event: Event, room: Any, days: list[date]
) -> list[Session]:
    made = []
    for number, day in enumerate(days, start=1):
        session = schedule.save_session(
            organizer,
            event,
            kind=Session.Kind.POSTERS,
            title=f"Poster session {number}",
            minutes=120,
        )
        start = on(event, day, time(13))
        schedule.place(organizer, session, room=room, start=start, end=start + timedelta(hours=2))
        made.append(session)
    return made


def hang_posters(
    organizer: User, event: Event, told: dict[str, Any], sessions: list[Session]
) -> None:
    """All real ones hang in both sessions, the examples in one each."""
    posters = {poster.title: poster for poster in event.posters.all()}
    real = [posters.pop(one["title"]) for one in told["posters"]]
    for number, poster in enumerate([*real, *posters.values()], start=1):
        for session in sessions if poster in real else [sessions[number % 2]]:
            hall.hang(organizer, poster, session=session, number=number)


def make_keynote_and_breaks(organizer: User, event: Event, stage: Any, days: list[date]) -> None:
    keynote = event.sessions.get(kind=Session.Kind.KEYNOTE)
    start = on(event, days[0], time(8))
    schedule.place(organizer, keynote, room=stage, start=start, end=start + timedelta(minutes=45))
    for day in days:
        pause = schedule.save_session(
            organizer, event, kind=Session.Kind.BREAK, title="Lunch", minutes=60
        )
        noon: datetime = on(event, day, time(12))
        schedule.place(organizer, pause, room=None, start=noon, end=noon + timedelta(hours=1))


def open_the_hall(organizer: User, event: Event, visitor: User) -> None:
    now = timezone.now()
    schedule.save_settings(
        organizer,
        event,
        vote_opens_at=now - timedelta(hours=1),
        vote_closes_at=now + timedelta(days=30),
    )
    poster = event.posters.get(title__startswith="Variational Autoencoder")
    questions.ask(
        visitor, poster, text="An example question: how many samples does the average need?"
    )


def draw_posters(event: Event) -> None:
    """A plain sheet for each real poster, drawn here: title, authors, abstract."""
    for poster in event.posters.exclude(title__startswith="Example"):
        file = ContentFile(sheet(poster), "poster.pdf")
        uploads.upload(None, poster, file=file, name=f"{poster.title[:60]}.pdf")


def sheet(poster: Poster) -> bytes:
    page = FPDF(format=(594, 420))  # A2, landscape, in millimetres
    page.set_margins(30, 30)
    page.add_page()
    page.set_fill_color(22, 32, 46)
    page.rect(0, 0, 594, 95, style="F")
    page.set_text_color(255, 255, 255)
    page.set_font("helvetica", "B", 64)
    page.multi_cell(0, 26, poster.title, align="L", new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(22, 32, 46)
    page.set_font("helvetica", "", 34)
    page.set_y(110)
    names = ", ".join(one.name for one in poster.contributors.all())
    page.multi_cell(0, 16, names, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(12)
    page.set_font("helvetica", "", 30)
    page.multi_cell(0, 15, poster.abstract.replace("**", ""), align="L")
    page.set_y(-45)
    page.set_font("helvetica", "I", 20)
    page.cell(0, 10, "A sheet drawn for the demonstration; it is not the authors' own poster.")
    return bytes(io.BytesIO(page.output()).getvalue())
