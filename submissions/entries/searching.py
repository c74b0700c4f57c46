"""Finding submissions by words: PostgreSQL's full text, or every word somewhere on SQLite."""

from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from submissions.entries.models import Author, SubmissionQuerySet

TEXT = ("title", "summary", "description", "built_with")
# The index of the migration is over exactly this expression; asked in a query of its own it is used
# also where the rest of a filter could not use it.
DOCUMENT = "to_tsvector('english', " + " || ' ' || ".join(f's."{name}"' for name in TEXT) + ")"
FOUND = (
    '"entries_submission"."id" IN (SELECT s."id" FROM "entries_submission" s'  # noqa: S608
    f" WHERE {DOCUMENT} @@ websearch_to_tsquery('english', %s))"
)
LONGEST = 200


def search(found: SubmissionQuerySet, words: str, *, people: bool = False) -> SubmissionQuerySet:
    """Those of `found` that speak of all `words`; with `people`, also by who wrote them.

    On PostgreSQL a word finds its inflections, "a phrase" and -without work as on the web.
    """
    words = words.replace("\x00", " ").strip()[:LONGEST]
    if not words:
        return found
    asked = _by_text(words)
    if people:
        asked |= Q(team__name__icontains=words) | Q(pk__in=_written_by(words))
    return found.filter(asked)


def _by_text(words: str) -> Q:
    if connection.vendor == "postgresql":
        return Q(RawSQL(FOUND, [words], output_field=BooleanField()))  # noqa: S611 - no text of theirs
    every = Q()
    for word in words.split():
        anywhere = Q()
        for name in TEXT:
            anywhere |= Q(**{f"{name}__icontains": word})
        every &= anywhere
    return every


def _written_by(words: str) -> QuerySet[Author, Any]:
    named = Author.objects.filter(Q(name__icontains=words) | Q(affiliation__icontains=words))
    return named.values("submission_id")
