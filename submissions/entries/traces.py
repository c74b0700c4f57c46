"""What a text tells of who wrote it. Where it is read blind, its authors are told before they hand
it in; nobody is kept from it, because a word that names a team may mean something else.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from submissions.entries import authors as people
from submissions.entries.blindness import is_blind
from submissions.entries.merging import ANSWER
from submissions.entries.models import Submission

READ: Final = ("title", "summary", "description", "built_with")  # by a blind reader
HOSTS: Final = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "huggingface.co"}
SHORTEST: Final = 3  # characters; what is shorter occurs by chance


def told(submission: Submission, values: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """(what tells it, the words) for each text of `values`, fields of the form by their names, and
    for each caption. Nothing where it is not read blind."""
    if not is_blind(submission):
        return []
    known = identifying(submission, values)
    texts = [*_fields(submission, values), *_captions(submission)]
    found = [(label, words_in(text, known)) for label, text in texts]
    return [(label, words) for label, words in found if words]


def _fields(submission: Submission, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name in READ:
        label = submission._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        yield str(label), str(values.get(name) or "")
    for question in submission.entry_type.questions.all():
        if not question.identifies:
            yield question.label, str(values.get(f"{ANSWER}{question.slug}") or "")


def _captions(submission: Submission) -> Iterable[tuple[str, str]]:
    return ((one.name, one.caption) for one in submission.attachments.all())


def identifying(submission: Submission, values: Mapping[str, Any]) -> list[str]:
    """Team, names, surnames, affiliations, addresses, and whose the repositories are."""
    named = [str(submission.team)] if submission.team else []
    for one in people.byline(submission):
        name = str(one["name"])
        named += [name, name.rpartition(" ")[2], one["affiliation"], one.get("email", "")]
    named += [person.email for person in people.accounts(submission)]
    named += [owner_of(str(values.get(link) or "")) for link in Submission.LINKS]
    return [one for one in dict.fromkeys(named) if len(one) >= SHORTEST]


def owner_of(address: str) -> str:
    """The account that a repository belongs to, where the host is one of those that are known."""
    parts = urlsplit(address)
    if (parts.hostname or "").removeprefix("www.") not in HOSTS:
        return ""
    return parts.path.strip("/").partition("/")[0]


def words_in(text: str, known: Iterable[str]) -> list[str]:
    """Those that stand in the text as whole words; one word alone must be written like the name."""
    return [one for one in known if _pattern(one).search(text)]


def _pattern(name: str) -> re.Pattern[str]:
    alone = name.isalpha()
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", 0 if alone else re.IGNORECASE)
