"""A small conference for tests: a talk, a poster session with a poster, all released."""

from datetime import UTC, date, datetime, time, timedelta

from fpdf import FPDF

from events.models import Event
from submissions.programme import rules, sheets
from submissions.programme.actions import hall, presenters, release, schedule
from submissions.programme.models import Document, Session

DAY = date(2031, 12, 1)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def make_room(event: Event, name: str = "Hall A", **more):
    return schedule.save_room(None, event, name=name, **more)


def make_talk(event: Event, title: str = "A talk", speaker=None, **more) -> Session:
    talk = schedule.save_session(None, event, title=title, kind=Session.Kind.TALK, **more)
    if speaker is not None:
        presenters.name_contributor(None, talk, name=str(speaker), account=speaker)
    return talk


def make_poster(event: Event, title: str = "A poster", author=None, track="tools", **more):
    track = event.tracks.get(slug=track)
    poster = hall.save_poster(None, event, title=title, track=track, **more)
    if author is not None:
        presenters.name_contributor(None, poster, name=str(author), account=author)
    return poster


def make_poster_session(event: Event, title: str = "Poster session") -> Session:
    return schedule.save_session(None, event, title=title, kind=Session.Kind.POSTERS, minutes=60)


def place(session: Session, room, start: datetime, minutes: int = 30):
    return schedule.place(
        None, session, room=room, start=start, end=start + timedelta(minutes=minutes)
    )


def release_now(event: Event, note: str = ""):
    return release.release(None, event, revision=rules.programme_of(event).revision, note=note)


def pdf(pages: int = 1, text: str = "Reconstruction probability") -> bytes:
    document = FPDF(format="A4")
    document.set_font("helvetica", size=24)
    for number in range(pages):
        document.add_page()
        document.cell(0, 20, f"{text} {number + 1}")
    return bytes(document.output())


def stored(thing, kind: str) -> Document:
    """A file as an upload leaves it, without the child process."""
    sha = f"{'a' if kind == 'poster' else 'b'}" * 64
    folder = sheets.place(sha)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "original").write_bytes(b"%PDF-1.4")
    (folder / "page-1.webp").write_bytes(b"RIFF")
    (folder / f"{kind}.json").write_text('{"pages": [{"width": 9, "height": 9, "runs": []}]}')
    own = {"poster" if kind == "poster" else "session": thing}
    return Document.objects.create(
        **own, name=f"{kind}.pdf", media_type="application/pdf", sha256=sha, size=8
    )
