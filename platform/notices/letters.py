"""From a template and facts to subject, plain text and HTML.

A template `<name>.txt` is a file of ours in Django's syntax: its first line is the subject, the
rest is Markdown, which is the plain text as it stands and from which the HTML is made. Facts are
plain values. What a person wrote (a name, a title) is shown literally: in the HTML neither
Markdown nor tags of theirs mean anything, and a subject is one line (B53).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Model
from django.template import Context, Engine, Template
from django.template.loader import get_template, render_to_string
from django.utils.functional import Promise
from django.utils.html import escape

from theme.markdown import render

SUBJECT_LENGTH = 200
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~=:])")
_LOADS = re.compile(r"(?:\{% *load [\w ]+%\}\s*)*")


class Literal(str):
    """Text of somebody's: where Django escapes, all its marks of Markdown are harmless, too."""

    __slots__ = ()

    def __html__(self) -> str:
        lines = [line.strip() for line in self.splitlines()]
        return "\\\n".join(escape(_MARKS.sub(r"\\\1", line)) for line in lines if line)


class Address(str):
    """An address of a page: nothing in it can end a link."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def write(template: str, facts: Mapping[str, Any]) -> Letter:
    """Raises TemplateDoesNotExist, and TypeError for a fact that is no plain value."""
    first, rest = source(template)
    known = {name: plain(name, value) for name, value in facts.items()}
    subject = one_line(_fill(first, known, escaped=False))
    text = _fill(rest, known, escaped=False).strip() + "\n"
    return Letter(subject, text, as_html(subject, _fill(rest, known, escaped=True)))


def as_html(subject: str, markdown: str) -> str:
    body = render(markdown.strip())
    return render_to_string("notices/letter.html", {"subject": subject, "body": body})


def source(template: str) -> tuple[str, str]:
    """The subject's line and the rest."""
    whole: str = get_template(f"{template}.txt").template.source  # type: ignore[attr-defined]
    loads = _LOADS.match(whole).group()  # type: ignore[union-attr]
    first, _newline, rest = whole[len(loads) :].partition("\n")
    loads = loads.replace("\n", "") + "{% load i18n %}"
    return loads + first, loads + rest


def one_line(text: str) -> str:
    return " ".join(text.split())[:SUBJECT_LENGTH]


def plain(name: str, value: Any) -> Any:
    """A value that a template cannot get at anything else through."""
    if isinstance(value, Model):
        raise TypeError(f"the fact {name!r} of a mail is a {type(value).__name__}; give its text")
    if isinstance(value, str | Promise):
        text = str(value).replace("\x00", "")
        return absolute(text) if name == "url" or name.endswith("_url") else Literal(text)
    if isinstance(value, Mapping):
        return {key: plain(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(name, part) for part in value]
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return Literal(str(value))


def absolute(path: str) -> Address:
    """The whole address of a page of this site; what could end a link is percent-encoded."""
    whole = settings.PODIUM_ADDRESS + path if path.startswith("/") else path
    return Address(quote(whole, safe="/:?#=&%-._~+,@;"))


def _fill(text: str, facts: Mapping[str, Any], *, escaped: bool) -> str:
    engine = Engine.get_default()
    return Template(text, engine=engine).render(Context(dict(facts), autoescape=escaped))
