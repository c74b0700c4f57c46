"""Where a new event starts: the usual phases of its kind between today and its days, or an earlier
event with its dates moved."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import exchange
from events.models import Event, Phase

Kind = Phase.Kind
Told = dict[str, Any]


def blueprint(kind: str, *, name: str, zone: Any, first: date, last: date) -> Told:
    """What `import_event` makes a draft of. Phases before the event share the time until then."""
    now = timezone.now().astimezone(zone).replace(minute=0, second=0, microsecond=0)
    starts = datetime.combine(first, time(9), zone)
    ends = datetime.combine(last, time(18), zone)
    phases = PHASES[kind](now, max(starts, now + timedelta(hours=2)), ends)
    return {
        "slug": free_slug(name),
        "name": name,
        "kind": kind,
        "timezone": str(zone),
        "admission": ADMISSION[kind],
        "tracks": [{"slug": "general", "name": str(_("General"))}],
        "phases": {kind: [opens, max(closes, opens + HOUR)] for kind, opens, closes in phases},
        "conduct": str(CONDUCT),
    }


HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
ADMISSION: dict[str, str] = {
    Event.Kind.HACKATHON: Event.Admission.OPEN,
    Event.Kind.CONFERENCE: Event.Admission.INVITATION,
    Event.Kind.PROGRAMME: Event.Admission.OPEN,
}


def _hackathon(now: datetime, starts: datetime, ends: datetime) -> list[Any]:
    return [
        (Kind.REGISTRATION, now, ends),
        (Kind.SUBMISSION, starts, ends),
        (Kind.EVENT, starts, ends),
        (Kind.JUDGING, ends, ends + WEEK),
        (Kind.RESULTS, ends + WEEK, ends + 53 * WEEK),
    ]


def _conference(now: datetime, starts: datetime, ends: datetime) -> list[Any]:
    ahead = starts - now
    return [
        (Kind.SUBMISSION, now, now + ahead * 0.5),
        (Kind.JUDGING, now + ahead * 0.5, now + ahead * 0.75),
        (Kind.REGISTRATION, now, ends),
        (Kind.EVENT, starts, ends),
    ]


def _programme(now: datetime, starts: datetime, ends: datetime) -> list[Any]:
    ahead = starts - now
    return [
        (Kind.REGISTRATION, now, now + ahead * 0.6),
        (Kind.SUBMISSION, now + ahead * 0.2, now + ahead * 0.6),
        (Kind.JUDGING, now + ahead * 0.6, now + ahead * 0.9),
        (Kind.MENTORING, starts, ends),
        (Kind.EVENT, starts, ends),
    ]


PHASES: dict[str, Any] = {
    Event.Kind.HACKATHON: _hackathon,
    Event.Kind.CONFERENCE: _conference,
    Event.Kind.PROGRAMME: _programme,
}
CONDUCT = gettext_lazy(
    "Everybody is welcome here, and everybody helps to keep it so.\n\n"
    "- Be kind and listen; argue about ideas, never against people.\n"
    "- No harassment of any kind, in words, pictures or deeds.\n"
    "- Hand in only what you may share, and name the work of others.\n\n"
    "Who sees or suffers something else tells the organizers; they act, and keep it confidential."
)


def free_slug(name: str) -> str:
    """An address that no event has yet, from its name."""
    base = slugify(name)[:60] or "event"
    taken = set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= {*Event.RESERVED}
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def moved(source: Event, *, name: str, first: date) -> Told:
    """An earlier event's structure, without its people, as a draft that begins on `first`; times
    of day stay what they are on the event's clock."""
    told = exchange.export_event(source)
    began = source.phases.filter(kind=Kind.EVENT).first() or source.phases.first()
    start = began.opens_at.astimezone(source.zone).date() if began else first
    shifted: Told = _shift(told, first - start)
    return shifted | {"slug": free_slug(name), "name": name, "state": Event.State.DRAFT}


def _shift(value: Any, by: timedelta) -> Any:
    if isinstance(value, datetime):
        return value + by  # on the wall clock, as its zone is a real one
    if isinstance(value, dict):
        return {key: _shift(part, by) for key, part in value.items()}
    return [_shift(part, by) for part in value] if isinstance(value, list) else value
