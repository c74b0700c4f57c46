"""An event's true numbers. Later rooms add theirs: `register(name, count)` in their `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Avg, Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.models import Event
from submissions.programme.models import Answer, Feedback, Poster, Question, Session, Slot

Number = int | float
Counter = Callable[[Event], Number]


@dataclass(frozen=True)
class Figure:
    name: str
    label: str
    value: Number


_counters: dict[str, tuple[str | Promise, Counter]] = {}


def register(name: str, count: Counter, *, label: str | Promise = "") -> None:
    """Adds a number to every recap: `count(event)` is asked whenever the page is drawn, until the
    numbers are frozen. The same name again takes the place of the first."""
    _counters[name] = (label or name.replace("_", " "), count)


def figures(event: Event) -> list[Figure]:
    """The numbers as they are now, in the order in which they were registered."""
    return [Figure(name, str(label), count(event)) for name, (label, count) in _counters.items()]


def posters_by_category(event: Event) -> dict[str, int]:
    counted = (
        Poster.objects.filter(event=event)
        .hung()
        .values_list("track__name")
        .annotate(n=Count("pk", distinct=True))
        .order_by("track__position")
    )
    return dict(counted)


def best_rated(event: Event, least: int = 3) -> list[dict[str, object]]:
    """Sessions by their mean mark; fewer than `least` voices say too little."""
    rated = (
        Session.objects.filter(event=event)
        .annotate(mean=Avg("feedback__rating"), voices=Count("feedback"))
        .filter(voices__gte=least)
        .order_by("-mean", "-voices", "title")[:5]
    )
    found = rated.values("pk", "title", "mean", "voices")
    return [
        {
            "title": row["title"],
            "mean": round(row["mean"], 2),
            "voices": row["voices"],
            "session": str(row["pk"]),
        }
        for row in found
    ]


def all_numbers(event: Event) -> dict[str, object]:
    """Everything the recap shows, as plain data: what is frozen, and what the JSON has."""
    return {
        "figures": [{"name": f.name, "label": f.label, "value": f.value} for f in figures(event)],
        "posters_by_category": posters_by_category(event),
        "best_rated": best_rated(event),
        "questions_by_day": questions_by_day(event),
        "ratings": ratings(event),
    }


def questions_by_day(event: Event) -> dict[str, int]:
    found: dict[str, int] = {}
    asked = event.asked.exclude(state=Question.State.HIDDEN).order_by("created_at")
    for at in asked.values_list("created_at", flat=True):
        day = at.date().isoformat()
        found[day] = found.get(day, 0) + 1
    return found


def ratings(event: Event) -> list[int]:
    """How often 1, 2, 3, 4, 5 were given, for sessions and the event together."""
    counted = dict(
        Feedback.objects.filter(event=event)
        .values_list("rating")
        .annotate(n=Count("pk"))
        .order_by("rating")
    )
    return [counted.get(mark, 0) for mark in range(1, 6)]


def _people(event: Event) -> int:
    return event.registrations.active().count()


def _countries(event: Event) -> int:
    """Of those who told theirs."""
    told = event.registrations.active().exclude(user__country="")
    return told.values("user__country").distinct().count()


def _talks(event: Event) -> int:
    return (
        Slot.objects.current()
        .filter(version__event=event, session__kind__in=Session.SPOKEN)
        .filter(session__cancelled_at=None)
        .count()
    )


def _posters(event: Event) -> int:
    return Poster.objects.filter(event=event).hung().count()


def _visitors(event: Event) -> int:
    return (
        event.posters.aggregate(n=Count("presences__user", distinct=True))["n"] if event.pk else 0
    )


def _questions(event: Event) -> int:
    return event.asked.exclude(state=Question.State.HIDDEN).count()


def _answers(event: Event) -> int:
    shown = ~Q(question__state=Question.State.HIDDEN)
    return Answer.objects.filter(shown, question__event=event).count()


def register_own() -> None:
    register("people", _people, label=_("people"))
    register("countries", _countries, label=_("countries"))
    register("talks", _talks, label=_("talks"))
    register("posters", _posters, label=_("posters"))
    register("hall_visitors", _visitors, label=_("visitors at the boards"))
    register("questions", _questions, label=_("questions"))
    register("answers", _answers, label=_("answers"))
    register("poster_votes", lambda event: event.poster_votes.count(), label=_("poster votes"))
    register("feedback", lambda event: event.feedback.count(), label=_("feedback given"))
