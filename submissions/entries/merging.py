"""Two people, one text: what each of them changed, field by field (B85).

A form carries for every field a mark of what its writer saw. A field whose stored value still has
that mark was changed by nobody else; a field whose sent value has it was not changed by the writer.
Only a field that both changed, to different texts, is a conflict.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]
ANSWER = "answer_"


def flat(content: Values) -> dict[str, Any]:
    """Content with each answer as a field of its own: `answer_<slug>`."""
    answers = {f"{ANSWER}{slug}": text for slug, text in content.get("answers", {}).items()}
    return {name: value for name, value in content.items() if name != "answers"} | answers


def nested(values: Values) -> dict[str, Any]:
    """The reverse of `flat`."""
    answers = {n.removeprefix(ANSWER): v for n, v in values.items() if n.startswith(ANSWER)}
    plain = {name: value for name, value in values.items() if not name.startswith(ANSWER)}
    return plain | {"answers": answers}


def mark(value: Any) -> str:
    """Eight hex digits that stand for a value; line ends count as a browser sends them."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    told = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def marks(values: Values) -> dict[str, str]:
    return {name: mark(value) for name, value in values.items()}


@dataclass(frozen=True)
class Merge:
    values: dict[str, Any] = field(default_factory=dict)  # what to store
    taken: dict[str, Any] = field(default_factory=dict)  # changed by others only
    conflicts: dict[str, Any] = field(default_factory=dict)  # changed by both: the others' value


def merge(mine: Values, theirs: Values, seen: Mapping[str, str]) -> Merge:
    """`mine` was sent, `theirs` is stored, `seen` are the marks of what the writer began with."""
    done = Merge()
    for name, value in mine.items():
        stored = theirs.get(name)
        untouched = mark(stored) == seen.get(name) or mark(stored) == mark(value)
        if untouched:
            done.values[name] = value
        elif mark(value) == seen.get(name):
            done.values[name] = done.taken[name] = stored
        else:
            done.values[name] = done.conflicts[name] = stored
    return done
