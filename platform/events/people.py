"""The organizers' list of people: filtered, searched, paged, and small in memory however long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import BooleanField, Count, Func, QuerySet, TextField, Value

from accounts.models import User
from accounts.rules import SECOND_FACTORS
from events import asking
from events.models import Answer, Event, Question, Registration, Role

PAGE = 50
FEW = 2000


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

    def told(self) -> dict[str, Any]:
        """For the history, which does not say whom somebody looked for."""
        filters = {"state": self.state, "track": self.track, "role": self.role}
        return filters | {"searched": bool(self.words)}


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
    return _named_like(found, wanted.words) if wanted.words else found


class KnownAs(Func):
    """Name and address in small letters."""

    template = "LOWER(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Words(Func):
    """The words of name and address; written as in the index of the migration `words_of_people`."""

    template = "to_tsvector('simple', translate(%(expressions)s, '@._-+', '     '))"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Matches(Func):
    """PostgreSQL's full text search: `Matches(vector, query)`."""

    template = "(%(expressions)s))"
    arg_joiner = " @@ to_tsquery('simple', "
    output_field = BooleanField()


def _named_like(found: "QuerySet[Registration]", words: str) -> "QuerySet[Registration]":
    """Those with words in name or address that begin with these, by an index (L8); if there are
    none, or very many, those who have them anywhere: by another index where PostgreSQL has
    trigrams, else by the table, which takes a third of a second for a quarter of a million."""
    if connection.vendor == "postgresql" and (query := _query(words)):
        people = User.objects.filter(Matches(Words("name", "email"), Value(query)))
        # Read here: inside a larger query, or asked for one row only, PostgreSQL expects so many
        # that it goes through the table instead, which takes seconds.
        keys = list(people.values_list("pk", flat=True)[: FEW + 1])
        some = found.filter(user_id__in=keys)
        if 0 < len(keys) <= FEW and some.exists():
            return some
    return found.filter(user_id__in=_containing(words).values("pk"))


def _containing(words: str) -> "QuerySet[User]":
    people = User.objects.annotate(known_as=KnownAs("name", "email"))
    for word in words.lower().replace(",", " ").split()[:5]:
        people = people.filter(known_as__contains=word)
    return people


def _query(words: str) -> str:
    return " & ".join(f"'{word}':*" for word in re.findall(r"[^\W_]+", words)[:8])


def page(event: Event, wanted: Wanted) -> tuple[list[Registration], int | None]:
    """One page and the key after which the next one begins. By key, not by number, so that the
    two-thousandth page is as near as the first (L8)."""
    found = find(event, wanted)
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def undecided(event: Event, wanted: Wanted) -> "QuerySet[Registration]":
    """Those of the list, on all of its pages, for whom the organizers have the word."""
    return find(event, wanted).filter(state__in=Registration.UNDECIDED)


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


COLUMNS = (
    *("pk", "user__name", "user__email", "user__affiliation"),
    *("state", "track__slug", "created_at", "checked_in_at"),
)
AT_ONCE = 2000


def rows(event: Event, wanted: Wanted) -> Iterator[list[Any]]:
    """For an export: some thousand people at a time, each with answers in the questions' order.
    Plain values, because a quarter of a million objects would take a minute to make (L8)."""
    questions = list(event.questions.all())
    found = find(event, wanted).values_list(*COLUMNS).iterator(chunk_size=AT_ONCE)
    while people := list(islice(found, AT_ONCE)):
        answers = _answers([key for key, *_facts in people]) if questions else {}
        for key, *facts in people:
            given = (asking.shown(each, answers.get((key, each.pk))) for each in questions)
            yield [*facts, *given]


def _answers(registrations: list[int]) -> dict[tuple[int, int], Any]:
    """By registration and question."""
    given = Answer.objects.filter(registration__in=registrations)
    values = given.values_list("registration_id", "question_id", "value")
    return {(one, question): value for one, question, value in values}


def answered(registration: Registration) -> list[tuple[Question, Any]]:
    """(question, answer or None) for one person's page."""
    answers = {answer.question_id: answer for answer in registration.answers.all()}
    return [(question, answers.get(question.pk)) for question in registration.event.questions.all()]
