"""Conflicts of interest that can be found: who works, or worked, where the authors do, and whom a
judge mentors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import numpy as np
from rapidfuzz import fuzz, process

from accounts.models import User
from events.models import Event, Membership, Role
from judging.panel.models import Conflict, judges_of
from submissions.entries.models import Author, Decision, Submission
from submissions.entries.votes import mailbox
from submissions.ideas.models import Mentor

Source = Conflict.Source
# Where everybody has an address: the same domain says nothing.
# fmt: off
PUBLIC_MAIL = frozenset([
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me",
    "protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.de", "gmx.at", "gmx.ch", "web.de",
    "t-online.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "qq.com", "163.com",
    "126.com", "sina.com", "foxmail.com", "naver.com", "daum.net", "hanmail.net", "free.fr",
    "orange.fr", "laposte.net", "libero.it", "zoho.com", "fastmail.com", "hey.com",
    "tutanota.com", "tuta.io", "posteo.de", "mailbox.org", "rediffmail.com", "seznam.cz",
    "wp.pl", "o2.pl", "example.org", "example.com", "example.net",
])
# fmt: on
# "ac.uk", "com.au": where names begin one label further down.
SECOND_LEVEL = frozenset(
    ["ac", "co", "com", "edu", "gov", "net", "org", "gob", "gouv", "go", "or", "ne"]
)
RESERVED = frozenset(["example", "test", "invalid", "localhost"])  # of nobody: RFC 2606
TAKEN = (Decision.ACCEPTED, Decision.CONFIRMED)
ALIKE = 92  # of 100, for two spellings of one affiliation


@dataclass(frozen=True)
class Interest:
    judge: int
    submission: UUID
    source: Conflict.Source
    reason: str


@dataclass(frozen=True)
class Person:
    """Somebody whose name stands on a submission, with or without an account."""

    submission: UUID
    user: int | None
    affiliation: str
    email: str


def find(event: Event) -> list[Interest]:
    """All that can be found between the judges of an event and what is handed in; no writes."""
    judges = list(judges_of(event).prefetch_related("emailaddress_set"))
    people = authors_of(event)
    ids = {judge.pk for judge in judges}
    found: dict[tuple[int, UUID], Interest] = {}
    for judge, author, source, reason in [
        *_same_address(judges, people),
        *_same_affiliation(judges, people),
        *_same_domain(judges, people),
        *_met_before(event, ids, people),
        *_mentored_before(event, ids, people),
    ]:
        interest = Interest(judge, author.submission, source, reason)
        found.setdefault((judge, author.submission), interest)
    for interest in _mentored(event, ids):
        found.setdefault((interest.judge, interest.submission), interest)
    return list(found.values())


def _mentored(event: Event, judges: set[int]) -> Iterator[Interest]:
    """Whoever mentors a category, or an idea, has had a hand in what comes of it. Whom a mentor of
    neither helped, the site does not know: the page of the panel asks the organizers."""
    ideas = Mentor.objects.filter(idea__event=event, user__in=judges)
    proposed = ideas.filter(idea__proposals__submission__state=Submission.State.SUBMITTED)
    for judge, title, proposal in proposed.values_list(
        "user_id", "idea__title", "idea__proposals__submission"
    ):
        yield Interest(judge, proposal, Source.MENTOR, title)
    mentors = Role.objects.filter(event=event, kind=Role.Kind.MENTOR, user__in=judges)
    for mentor in mentors.select_related("track"):
        if mentor.track is not None:
            for submission in event.submissions.submitted().in_tracks([mentor.track]):
                yield Interest(mentor.user_id, submission.pk, Source.MENTOR, mentor.track.name)


def authors(event: Event) -> list[tuple[UUID, int]]:
    """(submission, user) of everybody with an account who has a hand in what is handed in."""
    pairs = {(p.submission, p.user) for p in authors_of(event) if p.user is not None}
    return sorted(pairs)


def authors_of(event: Event) -> list[Person]:
    """Seats in teams and names in lists of authors."""
    submitted = event.submissions.submitted()
    seats = Membership.objects.filter(team__submissions__in=submitted)
    told = ("user_id", "user__affiliation", "user__email")
    people = [Person(*row) for row in seats.values_list("team__submissions__pk", *told)]
    for author in Author.objects.filter(submission__in=submitted).select_related("user"):
        user = author.user
        affiliation = author.affiliation or (user.affiliation if user else "")
        email = author.email or (user.email if user else "")
        people.append(Person(author.submission_id, author.user_id, affiliation, email))
    return people


Found = tuple[int, Person, Conflict.Source, str]  # judge, author


def plain(affiliation: str) -> str:
    return " ".join(re.findall(r"\w+", affiliation.casefold()))


def _same_affiliation(judges: Iterable[User], people: Iterable[Person]) -> Iterator[Found]:
    """Spelled alike; each spelling is compared once."""
    ours = _by(judges, lambda user: [plain(user.affiliation)])
    theirs = _by(people, lambda person: [plain(person.affiliation)])
    one, other = sorted(ours), sorted(theirs)
    if not one or not other:
        return
    alike = process.cdist(one, other, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    for row, column in np.argwhere(alike > 0):
        for judge in ours[one[row]]:
            for author in theirs[other[column]]:
                yield judge.pk, author, Source.AFFILIATION, author.affiliation


def domains(email: str) -> list[str]:
    """The domain and those above it that can belong to one institution; none of public mail."""
    labels = email.rpartition("@")[2].casefold().split(".")
    least = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    names = [".".join(labels[start:]) for start in range(len(labels) - least + 1)]
    public = labels[-1] in RESERVED or any(name in PUBLIC_MAIL for name in names)
    return [] if public else names


def _same_address(judges: Iterable[User], people: Iterable[Person]) -> Iterator[Found]:
    """A judge whose own address, confirmed or not, stands in a list of authors under no account."""
    ours = _by(judges, lambda user: addresses(user))
    theirs = _by(people, lambda person: [mailbox(person.email)] if person.email else [])
    for address in ours.keys() & theirs.keys():
        for judge in ours[address]:
            for author in theirs[address]:
                yield judge.pk, author, Source.AUTHOR, author.email


def addresses(user: User) -> list[str]:
    """All mailboxes of an account."""
    told = [user.email, *(one.email for one in user.emailaddress_set.all())]  # type: ignore[attr-defined]
    return [mailbox(address) for address in told if address]


def _same_domain(judges: Iterable[User], people: Iterable[Person]) -> Iterator[Found]:
    ours = _by(judges, lambda user: domains(user.email))
    theirs = _by(people, lambda person: domains(person.email))
    for domain in ours.keys() & theirs.keys():
        for judge in ours[domain]:
            for author in theirs[domain]:
                yield judge.pk, author, Source.DOMAIN, domain


def _by_account(people: Iterable[Person]) -> dict[int, list[Person]]:
    found = defaultdict(list)
    for person in people:
        if person.user is not None:
            found[person.user].append(person)
    return found


def _met_before(event: Event, judges: set[int], people: Iterable[Person]) -> Iterator[Found]:
    """A team, or a list of authors, of another event on which both stand."""
    by_user = _by_account(people)
    both = judges | by_user.keys()
    seats = Membership.objects.exclude(event=event).filter(user_id__in=both)
    names = Author.objects.exclude(submission__event=event).filter(user_id__in=both)
    together: dict[tuple[str, object], set[int]] = defaultdict(set)
    for team, name, user in seats.values_list("team_id", "team__name", "user_id"):
        together[name, team].add(user)
    for work, title, user in names.values_list("submission_id", "submission__title", "user_id"):
        together[title, work].add(user)
    for (name, _id), members in together.items():
        for judge in members & judges:
            for user in members - {judge}:
                for person in by_user.get(user, []):
                    yield judge, person, Source.COAUTHOR, name


def _mentored_before(event: Event, judges: set[int], people: Iterable[Person]) -> Iterator[Found]:
    """An idea of another event that a judge mentored and an author worked on."""
    by_user = _by_account(people)
    taught = Mentor.objects.exclude(idea__event=event).filter(user__in=judges)
    proposed = Author.objects.filter(user__in=by_user.keys(), submission__decision__in=TAKEN)
    rows = proposed.filter(submission__for_idea__idea__mentors__in=taught)
    of_idea = "submission__for_idea__idea"
    for judge, title, user in rows.values_list(
        f"{of_idea}__mentors__user_id", f"{of_idea}__title", "user_id"
    ):
        for person in by_user[user]:
            yield judge, person, Source.MENTOR, title


Somebody = TypeVar("Somebody", User, Person)


def _by(
    people: Iterable[Somebody], keys: Callable[[Somebody], list[str]]
) -> dict[str, list[Somebody]]:
    found = defaultdict(list)
    for person in people:
        for key in keys(person):
            if key:
                found[key].append(person)
    return found
