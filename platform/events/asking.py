"""Which questions a person is asked, and what counts as an answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from events.models import Question, Registration, Role
from theme.refusal import Refused

Kind = Question.Kind
FILE_BYTES = 5 * 2**20
FILE_BEGINS = {".pdf": (b"%PDF-",), ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8",)}
FILE_BEGINS[".jpeg"] = FILE_BEGINS[".jpg"]
NUMBERS = (-1e15, 1e15)


def countries(language: str = "en") -> list[tuple[str, str]]:
    """(ISO 3166 code, name) of every country that CLDR knows, by name."""
    known = Locale.parse(language).territories
    territories = {str(code): str(name) for code, name in known.items()}
    codes = [code for code in territories if len(code) == 2 and code.isalpha()]
    unreal = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}  # groups, and codes for tests
    named = [(code, territories[code]) for code in codes if code not in unreal]
    return sorted(named, key=lambda pair: pair[1])


@cache
def country_name(code: str) -> str:
    return str(Locale.parse("en").territories.get(code, code))


def is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [])


def is_asked(question: Question, answers: Mapping[int, Any]) -> bool:
    """`answers` by the questions' keys. One that depends on another is asked after its value."""
    if question.depends_on_id is None:
        return True
    value = answers.get(question.depends_on_id)
    if isinstance(value, list):
        return question.depends_value in value
    if isinstance(value, bool):
        return value
    return not is_empty(value) and (str(value) == question.depends_value)


def is_required(question: Question, roles: Iterable[str], track: int | None) -> bool:
    """Of this person: by their roles in the event and the category they chose."""
    if question.required != Question.Required.SOME:
        return question.required == Question.Required.ALWAYS
    by_role = question.required_role != "" and question.required_role in roles
    by_track = question.required_track_id is not None and question.required_track_id == track
    return by_role or by_track


def missing(registration: Registration) -> list[Question]:
    """Questions that this person must answer and has not."""
    answers = {answer.question_id: answer.value for answer in registration.answers.all()}
    roles = roles_of(registration)
    return [
        question
        for question in registration.event.questions.all()
        if is_asked(question, answers)
        and is_required(question, roles, registration.track_id)
        and is_empty(answers.get(question.pk))
    ]


def roles_of(registration: Registration) -> list[str]:
    held = Role.objects.filter(event=registration.event_id, user=registration.user_id)
    return list(held.values_list("kind", flat=True))


def cleaned(question: Question, value: Any) -> Any:
    """The value as it is kept; raises Refused if it is no answer to this question."""
    if is_empty(value):
        return None
    kind = Kind(question.kind)
    fits: Callable[[], bool] = {
        Kind.CHOICE: lambda: value in question.options,
        Kind.MULTIPLE: lambda: isinstance(value, list) and not set(value) - set(question.options),
        Kind.COUNTRY: lambda: value in dict(countries()),
        Kind.CONSENT: lambda: value is True,
        Kind.NUMBER: lambda: _is_number(value),
        Kind.DATE: lambda: _is_date(value),
    }.get(kind, lambda: isinstance(value, str) and len(value) <= 5000)
    if not fits():
        raise Refused(
            _("“%(question)s”: that is not one of the possible answers.")
            % {"question": question.label},
            code="answer.invalid",
        )
    return value.isoformat() if isinstance(value, date) else value


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and math.isfinite(value) and NUMBERS[0] <= value <= NUMBERS[1]


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def refuse_file(question: Question, file: UploadedFile[Any]) -> None:
    """PDF or picture, by name and by its first bytes (B03, B04); at most 5 MB."""
    name = (file.name or "").lower()
    begins = next((heads for end, heads in FILE_BEGINS.items() if name.endswith(end)), None)
    head = file.read(8)
    file.seek(0)
    if begins is None or not head.startswith(begins):
        raise Refused(
            _("“%(question)s”: choose a PDF, PNG or JPEG file.") % {"question": question.label},
            code="answer.file_type",
        )
    if (file.size or 0) > FILE_BYTES:
        raise Refused(
            _("“%(question)s”: choose a file of at most 5 MB.") % {"question": question.label},
            code="answer.too_large",
        )


def shown_name(name: str) -> str:
    """Without what could mislead the eye or a header (B26)."""
    kept = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return kept[-120:] or "file"


def shown(question: Question, value: Any) -> str:
    """An answer as people read it."""
    if is_empty(value):
        return ""
    if question.kind == Kind.COUNTRY:
        return country_name(value)
    if question.kind == Kind.CONSENT:
        return str(_("yes"))
    return ", ".join(value) if isinstance(value, list) else str(value)
