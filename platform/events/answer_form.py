"""The form of one event's questions, for one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from events import asking
from events.features import Feature
from events.forms import Day
from events.models import Acceptance, Event, Question, Registration
from theme.refusal import Refused

Kind = Question.Kind
PREFIX = "q-"


class AnswersForm(forms.Form):
    """Category, questions and code of conduct, as far as this person is asked for them."""

    def __init__(
        self,
        *args: Any,
        event: Event,
        user: User,
        registration: Registration | None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.event, self.registration, self.user = event, registration, user
        self.questions = list(event.questions.select_related("depends_on"))
        known = registration.answers.all() if registration else []
        self.known = {answer.question_id: answer.value for answer in known}
        if event.has(Feature.TRACK_CHOICE) and registration is None:
            self.fields["track"] = forms.ModelChoiceField(
                event.tracks.all(), label=_("Category"), required=False
            )
        for question in self.questions:
            self.fields[PREFIX + question.slug] = self._field(question)
        self.conduct = event.conducts.first()
        if self.conduct and not Acceptance.objects.filter(conduct=self.conduct, user=user).exists():
            self.fields["conduct"] = forms.BooleanField(
                label=_("I have read the code of conduct and accept it"),
                error_messages={"required": _("Read it, and tick this box to accept it.")},
            )

    def _field(self, question: Question) -> forms.Field:
        """Nothing is required by the browser: what must be answered depends on other answers."""
        make = MAKERS.get(question.kind, forms.CharField)
        field: forms.Field = make(
            label=question.label,
            help_text=question.help_text,
            required=False,
            initial=self.known.get(question.pk, self._usual(question)),
            **_options(question),
        )
        field.needed_later = question.required == Question.Required.ALWAYS  # type: ignore[attr-defined]
        if question.depends_on:
            field.widget.attrs["data-asked-after"] = PREFIX + question.depends_on.slug
            field.widget.attrs["data-asked-value"] = question.depends_value
            field.help_text = field.help_text or _("Only after “%(value)s” above.") % {
                "value": question.depends_value
            }
        return field

    def _usual(self, question: Question) -> str | None:
        """The country of the profile, so that nobody looks for it twice."""
        return self.user.country or None if question.kind == Kind.COUNTRY else None

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        values = {q.pk: self._value(q) for q in self.questions}
        track = told.get("track")
        track_id = track.pk if track else getattr(self.registration, "track_id", None)
        roles = asking.roles_of(self.registration) if self.registration else []
        for question in self.questions:
            self._check(question, values, roles, track_id)
        return told

    def _check(self, question: Question, values: Any, roles: list[str], track: int | None) -> None:
        name, value = PREFIX + question.slug, values[question.pk]
        if name in self.errors or not asking.is_asked(question, values):
            return
        try:
            if question.kind == Kind.FILE and self.cleaned_data.get(name):
                asking.refuse_file(question, self.cleaned_data[name])
            elif question.kind != Kind.FILE:
                asking.cleaned(question, value)
        except Refused as refused:
            self.add_error(name, str(refused))
            return
        if asking.is_required(question, roles, track) and asking.is_empty(value):
            self.add_error(name, _("Please answer this question."))

    def _value(self, question: Question) -> Any:
        value = self.cleaned_data.get(PREFIX + question.slug)
        if question.kind == Kind.FILE:
            return value or self.known.get(question.pk)
        return value

    @property
    def answers(self) -> dict[str, Any]:
        """What `register` and `confirm` take; what was not asked after all is taken away."""
        values = {q.pk: self._value(q) for q in self.questions}
        return {
            question.slug: self.cleaned_data.get(PREFIX + question.slug)
            if asking.is_asked(question, values)
            else None
            for question in self.questions
        }

    @property
    def accepts(self) -> int | None:
        return self.conduct.version if self.conduct and self.cleaned_data.get("conduct") else None


MAKERS: dict[str, Any] = {
    Kind.CHOICE: forms.ChoiceField,
    Kind.MULTIPLE: forms.MultipleChoiceField,
    Kind.NUMBER: forms.FloatField,
    Kind.DATE: forms.DateField,
    Kind.COUNTRY: forms.ChoiceField,
    Kind.FILE: forms.FileField,
    Kind.CONSENT: forms.BooleanField,
}


def _options(question: Question) -> dict[str, Any]:
    kind = question.kind
    choices = [(option, option) for option in question.options]
    if kind == Kind.CHOICE:
        return {"choices": [("", "—"), *choices]}
    if kind == Kind.MULTIPLE:
        return {"choices": choices, "widget": forms.CheckboxSelectMultiple}
    if kind == Kind.COUNTRY:
        return {"choices": [("", "—"), *asking.countries()]}
    if kind == Kind.DATE:
        return {"widget": Day}
    if kind == Kind.TEXT:
        return {"max_length": 500}
    if kind == Kind.LONG_TEXT:
        return {"max_length": 5000, "widget": forms.Textarea(attrs={"rows": 5})}
    return {}
