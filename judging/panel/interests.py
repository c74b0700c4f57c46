"""Conflicts of interest that can be found: who works, or worked, where the authors do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from rapidfuzz import fuzz, process

from accounts.models import User
from events.models import Event, Membership
from judging.panel.models import Conflict, judges_of

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
    "wp.pl", "o2.pl", "example.org", "example.com",
])
# fmt: on
# "ac.uk", "com.au": where names begin one label further down.
SECOND_LEVEL = frozenset(
    ["ac", "co", "com", "edu", "gov", "net", "org", "gob", "gouv", "go", "or", "ne"]
)
ALIKE = 92  # of 100, for two spellings of one affiliation


@dataclass(frozen=True)
class Interest:
    judge: int
    submission: UUID
    source: Conflict.Source
    reason: str


def find(event: Event) -> list[Interest]:
    """All that can be found between the judges of an event and what is handed in; no writes."""
    judges = list(judges_of(event))
    wrote = authors(event)
    people = User.objects.in_bulk({user for _submission, user in wrote})
    met = _met_before(event, {j.pk for j in judges}, set(people))
    found: dict[tuple[int, UUID], Interest] = {}
    by_author = defaultdict(list)
    for submission, user in wrote:
        by_author[user].append(submission)
    for judge, author, source, reason in [
        *_same_affiliation(judges, people.values()),
        *_same_domain(judges, people.values()),
        *met,
    ]:
        for submission in by_author[author]:
            interest = Interest(judge, submission, source, reason)
            found.setdefault((judge, submission), interest)
    return list(found.values())


def authors(event: Event) -> list[tuple[UUID, int]]:
    """(submission, person) of everybody who has a hand in what is handed in."""
    seats = Membership.objects.filter(team__submissions__in=event.submissions.submitted())
    return list(seats.values_list("team__submissions__pk", "user_id").distinct())


Found = tuple[int, int, Conflict.Source, str]  # judge, author


def plain(affiliation: str) -> str:
    return " ".join(re.findall(r"\w+", affiliation.casefold()))


def _same_affiliation(judges: Iterable[User], people: Iterable[User]) -> Iterator[Found]:
    """Spelled alike; each spelling is compared once."""
    ours, theirs = (
        _by(judges, lambda user: [plain(user.affiliation)]),
        _by(people, lambda user: [plain(user.affiliation)]),
    )
    one, other = sorted(ours), sorted(theirs)
    if not one or not other:
        return
    alike = process.cdist(one, other, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    for row, column in np.argwhere(alike > 0):
        for judge in ours[one[row]]:
            for author in theirs[other[column]]:
                yield judge.pk, author.pk, Source.AFFILIATION, author.affiliation


def domains(email: str) -> list[str]:
    """The domain and those above it that can belong to one institution; none of public mail."""
    labels = email.rpartition("@")[2].casefold().split(".")
    least = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    names = [".".join(labels[start:]) for start in range(len(labels) - least + 1)]
    return [] if any(name in PUBLIC_MAIL for name in names) else names


def _same_domain(judges: Iterable[User], people: Iterable[User]) -> Iterator[Found]:
    ours, theirs = (_by(who, lambda user: domains(user.email)) for who in (judges, people))
    for domain in ours.keys() & theirs.keys():
        for judge in ours[domain]:
            for author in theirs[domain]:
                yield judge.pk, author.pk, Source.DOMAIN, domain


def _met_before(event: Event, judges: set[int], people: set[int]) -> Iterator[Found]:
    """A team of another event in which both had a seat."""
    elsewhere = Membership.objects.exclude(event=event).filter(user_id__in=judges | people)
    teams = defaultdict(set)
    names = {}
    for team, name, user in elsewhere.values_list("team_id", "team__name", "user_id"):
        teams[team].add(user)
        names[team] = name
    for team, members in teams.items():
        for judge in members & judges:
            for author in (members & people) - {judge}:
                yield judge, author, Source.COAUTHOR, names[team]


def _by(people: Iterable[User], keys) -> dict[str, list[User]]:  # type: ignore[no-untyped-def]
    found = defaultdict(list)
    for user in people:
        for key in keys(user):
            if key:
                found[key].append(user)
    return found
