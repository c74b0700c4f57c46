"""An organizer's own words for a mail, with placeholders as {name}.

Only the names that the site's own template uses are placeholders. What is filled in is text: a
placeholder or Markdown in somebody's name stays what it is (B53).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from notices import letters
from theme.refusal import Refused

ALWAYS = frozenset({"name", "event_name", "event_url", "site_url"})
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_VARIABLE = re.compile(r"\{\{ *(\w+)[^}]*\}\}")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def templates() -> list[str]:
    """The names of all templates that an event may word in its own way."""
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    found = {file for folder in folders for file in folder.glob("*/mail/*.txt")}
    names = {"/".join(file.with_suffix("").parts[-3:]) for file in found}
    return sorted(name for name in names if not name.startswith("account"))


def title(template: str) -> str:
    return template.rpartition("/")[2].replace("_", " ").capitalize()


def placeholders(template: str) -> list[str]:
    """What may stand in braces: the variables of the template that comes with the site."""
    whole: str = get_template(f"{template}.txt").template.source  # type: ignore[attr-defined]
    return sorted(ALWAYS | set(_VARIABLE.findall(whole)))


def as_placeholders(template: str) -> tuple[str, str]:
    """The site's own words, to begin with: subject and text."""
    first, rest = letters.source(template)
    return tuple(_TAG.sub("", _VARIABLE.sub(r"{\1}", part)).strip() for part in (first, rest))  # type: ignore[return-value]


def check(text: str, allowed: list[str]) -> None:
    """Refuses a placeholder that nothing would be filled in for."""
    for name in _PLACEHOLDER.findall(text):
        if name not in allowed:
            sentence = _("{%(name)s} is no placeholder here. There are: %(known)s.") % {
                "name": name,
                "known": ", ".join(f"{{{known}}}" for known in allowed),
            }
            raise Refused(sentence, code="wording.unknown_placeholder")


def write(subject: str, text: str, facts: Mapping[str, Any]) -> letters.Letter:
    known = {name: letters.plain(name, value) for name, value in facts.items()}
    line = letters.one_line(_fill(subject, known, escaped=False))
    html = letters.as_html(line, _fill(text, known, escaped=True))
    return letters.Letter(line, _fill(text, known, escaped=False).strip() + "\n", html)


def _fill(text: str, facts: Mapping[str, Any], *, escaped: bool) -> str:
    """One pass, so that what was filled in is never looked at again."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in facts:
            return match[0]
        shown = _shown(facts[name])
        return conditional_escape(shown) if escaped else str(shown)

    return _PLACEHOLDER.sub(value, text)


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return (
            date_format(timezone.localtime(value), "DATETIME_FORMAT")
            + f" {timezone.get_current_timezone_name()}"
        )
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, list):
        return letters.Literal(", ".join(str(part) for part in value))
    return value
