"""Keeping what people answer, if it is an answer."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.models import User
from events import asking
from events.models import Answer, Question, Registration
from theme.refusal import Refused


def keep_answers(user: User, registration: Registration, answers: Mapping[str, Any]) -> None:
    """Replaces the answers that are given; an empty one takes the answer away."""
    questions = {question.slug: question for question in registration.event.questions.all()}
    for slug, value in answers.items():
        if slug not in questions:
            raise Refused(_("“%(name)s” is not asked.") % {"name": slug}, code="answer.unknown")
        _keep(registration, questions[slug], value)


def _keep(registration: Registration, question: Question, value: Any) -> None:
    if question.kind == Question.Kind.FILE:
        _keep_file(registration, question, value)
        return
    value = asking.cleaned(question, value)
    if asking.is_empty(value):
        Answer.objects.filter(registration=registration, question=question).delete()
        return
    Answer.objects.update_or_create(
        registration=registration, question=question, defaults={"value": value}
    )


def _keep_file(registration: Registration, question: Question, value: Any) -> None:
    if not isinstance(value, UploadedFile):  # nothing new was chosen
        return
    asking.refuse_file(question, value)
    Answer.objects.update_or_create(
        registration=registration,
        question=question,
        defaults={"value": asking.shown_name(value.name or ""), "file": value},
    )


def refuse_missing(registration: Registration) -> None:
    missing = asking.missing(registration)
    if missing:
        raise Refused(
            _("Still to be answered: %(questions)s.")
            % {"questions": ", ".join(question.label for question in missing)},
            code="answers.missing",
        )
