"""Submissions that look like one another: the same repository, text or file, or alike in words."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from submissions.entries.models import Submission

ALIKE: Final = 88.0  # of 100: rapidfuzz's token_set_ratio of title and summary
ALL_PAIRS: Final = 1_500  # up to here everything is compared with everything
NEIGHBOURS: Final = 25  # beyond, with those next to it in the order of their words


@dataclass(frozen=True)
class Pair:
    first: Submission
    second: Submission
    why: Any
    likeness: float  # 0 to 100


def repository(address: str) -> str:
    """Where a repository lives, however its address is written."""
    parts = urlsplit(address.lower())
    path = re.sub(r"\.git$", "", parts.path.rstrip("/"))
    return f"{(parts.hostname or '').removeprefix('www.')}{path}" if path.strip("/") else ""


def pairs(submissions: Sequence[Submission]) -> list[Pair]:
    """Each two that look alike once, for the strongest reason, the most alike first."""
    found: dict[tuple[Any, Any], Pair] = {}
    for pair in (*_same(submissions), *_similar(submissions)):
        found.setdefault(tuple(sorted((pair.first.pk, pair.second.pk))), pair)  # type: ignore[arg-type]
    return sorted(found.values(), key=lambda pair: -pair.likeness)


def _same(submissions: Sequence[Submission]) -> Iterator[Pair]:
    marks: dict[Any, Callable[[Submission], Iterable[str]]] = {
        _("the same text"): lambda one: [one.description.strip()],
        _("the same repository"): lambda one: [repository(one.repository_url)],
        _("the same file"): lambda one: [file.sha256 for file in one.attachments.all()],
    }
    for why, marked in marks.items():
        groups = defaultdict(list)
        for one in submissions:
            for mark in filter(None, marked(one)):
                groups[mark].append(one)
        for group in groups.values():
            for first, second in combinations(group[:50], 2):
                yield Pair(first, second, why, 100.0)


def _similar(submissions: Sequence[Submission]) -> Iterator[Pair]:
    texts = [f"{one.title} {one.summary}".lower() for one in submissions]
    if len(submissions) <= ALL_PAIRS:
        likeness = process.cdist(texts, texts, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE)
        for i, j in zip(*likeness.nonzero(), strict=True):
            if i < j:
                yield Pair(submissions[i], submissions[j], _("similar words"), likeness[i, j])
        return
    order = sorted(range(len(texts)), key=lambda i: " ".join(sorted(texts[i].split())))
    for place, i in enumerate(order):
        for j in order[place + 1 : place + NEIGHBOURS]:
            alike = fuzz.token_set_ratio(texts[i], texts[j], score_cutoff=ALIKE)
            if alike:
                yield Pair(submissions[i], submissions[j], _("similar words"), alike)
