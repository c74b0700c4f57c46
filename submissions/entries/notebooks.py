"""A Jupyter notebook to read: its text and code, nothing of it run, no output but text."""

import json
from dataclasses import dataclass
from typing import Any

from theme.markdown import render

CELLS = 300
LONGEST = 20_000  # characters of a cell, or of what it printed


@dataclass(frozen=True)
class Cell:
    html: str  # safe
    printed: str


def cells(content: bytes) -> list[Cell]:
    told = json.loads(content)
    language = _language(told)
    return [_cell(one, language) for one in told["cells"][:CELLS] if isinstance(one, dict)]


def _language(told: dict[str, Any]) -> str:
    named = told.get("metadata")
    info = named.get("language_info") if isinstance(named, dict) else None
    name = info.get("name") if isinstance(info, dict) else None
    return name if isinstance(name, str) and name.isalnum() else "python"


def _cell(one: dict[str, Any], language: str) -> Cell:
    source = _text(one.get("source"))
    if one.get("cell_type") == "markdown":
        return Cell(render(source), "")
    fence = "`" * (max((len(run) for run in _ticks(source)), default=2) + 1)
    outputs = one.get("outputs")
    printed = [_printed(out) for out in outputs] if isinstance(outputs, list) else []
    code = render(f"{fence}{language}\n{source}\n{fence}")
    return Cell(code, "\n".join(text for text in printed if text)[:LONGEST])


def _ticks(source: str) -> list[str]:
    """Runs of backticks, three at least."""
    return [run for run in "".join(c if c == "`" else " " for c in source).split() if len(run) > 2]


def _printed(out: Any) -> str:
    if not isinstance(out, dict):
        return ""
    data = out.get("data")
    plain = data.get("text/plain") if isinstance(data, dict) else None
    return _text(out.get("text") or plain)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value[:LONGEST] if isinstance(value, str) else ""
