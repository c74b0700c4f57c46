"""What changed between two versions, for people to read."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WORDS = re.compile(r"\S+\s*|\s+")
LONGEST = 2_000  # words; beyond that a comparison by lines is quick and still clear


@dataclass(frozen=True)
class Piece:
    """A stretch of text: kept (""), added ("ins") or taken away ("del")."""

    text: str
    change: str = ""


def pieces(old: str, new: str) -> list[Piece]:
    """Word by word, or for very long texts line by line."""
    before, after = _parts(old), _parts(new)
    return list(_walk(before, after))


def _parts(text: str) -> list[str]:
    words = WORDS.findall(text)
    return words if len(words) <= LONGEST else text.splitlines(keepends=True)


def _walk(before: list[str], after: list[str]) -> Iterator[Piece]:
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, a, b, c, d in steps:
        if kind == "equal":
            yield Piece("".join(before[a:b]))
            continue
        if b > a:
            yield Piece("".join(before[a:b]), "del")
        if d > c:
            yield Piece("".join(after[c:d]), "ins")


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Piece]]:
    """The fields that differ, with what was written in each."""
    names = dict.fromkeys([*old, *new])
    return {
        name: pieces(_text(old.get(name)), _text(new.get(name)))
        for name in names
        if _text(old.get(name)) != _text(new.get(name))
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    return "" if value is None else str(value)
