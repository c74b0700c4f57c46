"""The organizers' list of people: filtered, searched, paged, and small in memory however long."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Func, QuerySet, TextField

from accounts.models import User
from accounts.rules import SECOND_FACTORS
from events import asking
from events.models import Event, Question, Registration, Role

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What an organizer asked for; unknown values are no filter."""

    state: str = ""
    track: int | None = None
    role: str = ""
    words: str = ""
    before: int | None = None  # only registrations older than this key: the next page

    @classmethod
    def of(cls, query: Any) -> "Wanted":
        def number(name: str) -> int | None:
            text = query.get(name, "")
            return int(text) if text.isdecimal() and len(text) < 19 else None

        state, role = query.get("state", ""), query.get("role", "")
        return cls(
            state=state if state in Registration.State.values else "",
            track=number("track"),
            role=role if role in Role.Kind.values else "",
            words=query.get("q", "").strip()[:100],
            before=number("before"),
        )


def find(event: Event, wanted: Wanted) -> "QuerySet[Registration]":
    """Newest first; also the export's and the bulk decisions' idea of "these people"."""
    found = event.registrations.select_related("user", "track").order_by("-id")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.track is not None:
        found = found.filter(track_id=wanted.track)
    if wanted.role:
        holders = event.roles.filter(kind=wanted.role).values("user_id")
        found = found.filter(user_id__in=holders)
    if wanted.words:
        found = found.filter(user_id__in=named_like(wanted.words).values("pk"))
    return found


class KnownAs(Func):
    """Name and address in small letters."""

    template = "LOWER(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


def named_like(words: str) -> "QuerySet[User]":
    """People whose name and address contain every word. PostgreSQL looks in the trigram index of
    the migration `find_people`, so the expression here must be the one that is indexed there."""
    people = User.objects.annotate(known_as=KnownAs("name", "email"))
    for word in words.lower().split()[:5]:
        people = people.filter(known_as__contains=word)
    return people


def page(event: Event, wanted: Wanted) -> tuple[list[Registration], int | None]:
    """One page and the key after which the next one begins. By key, not by number, so that the
    two-thousandth page is as near as the first (L8)."""
    found = find(event, wanted)
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def counts(event: Event) -> dict[str, int]:
    """How many are in each state, all in one query."""
    grouped = event.registrations.order_by().values("state").annotate(n=Count("id"))
    found = {row["state"]: row["n"] for row in grouped}
    return {state: found.get(state, 0) for state in Registration.State.values}


def without_second_factor(event: Event) -> "QuerySet[User]":
    """Who runs the event or judges in it, and signs in with a password alone."""
    with_one = Authenticator.objects.filter(type__in=SECOND_FACTORS)
    asked = event.roles.filter(kind__in=Role.GUARDED)
    people = User.objects.filter(pk__in=asked.values("user_id"))
    return people.exclude(pk__in=with_one.values("user_id")).order_by("name", "email")


def header(event: Event) -> list[str]:
    fixed = ["name", "email", "affiliation", "state", "track", "registered_at", "checked_in_at"]
    return fixed + [question.slug for question in event.questions.all()]


def rows(event: Event, wanted: Wanted) -> Iterator[list[Any]]:
    """For an export: a thousand people at a time, each with answers in the questions' order."""
    questions = list(event.questions.all())
    found = find(event, wanted).prefetch_related("answers")
    for one in found.iterator(chunk_size=1000):
        answers = {answer.question_id: answer.value for answer in one.answers.all()}
        yield [
            one.user.name,
            one.user.email,
            one.user.affiliation,
            one.state,
            one.track.slug if one.track else "",
            one.created_at,
            one.checked_in_at,
            *(asking.shown(question, answers.get(question.pk)) for question in questions),
        ]


def answered(registration: Registration) -> list[tuple[Question, Any]]:
    """(question, answer or None) for one person's page."""
    answers = {answer.question_id: answer for answer in registration.answers.all()}
    return [(question, answers.get(question.pk)) for question in registration.event.questions.all()]
