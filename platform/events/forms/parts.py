"""An event's parts, one by one: phases, categories, pages, questions."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.forms.fields import Moment, SpanField
from events.models import Event, Page, Phase, Question, Track


class PhaseForm(forms.ModelForm):
    grace = SpanField(
        unit=timedelta(minutes=1),
        min_value=0,
        max_value=10080,
        label=gettext_lazy("Minutes of grace"),
        help_text=gettext_lazy("What comes so late still counts; nobody is told of it."),
    )

    class Meta:
        model = Phase
        fields = ["kind", "name", "opens_at", "closes_at", "grace"]
        widgets = {"opens_at": Moment, "closes_at": Moment}
        help_texts = {"name": gettext_lazy("If it is called otherwise here: “Call for talks”.")}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        opens, closes = told.get("opens_at"), told.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes before it opens."))
        return told


class TrackForm(forms.ModelForm):
    class Meta:
        model = Track
        fields = ["name", "slug", "description", "capacity"]
        help_texts = {"capacity": gettext_lazy("How many may register for it; empty for no limit.")}


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ["title", "slug", "text"]
        help_texts = {"text": gettext_lazy("Markdown.")}


class QuestionForm(forms.ModelForm):
    options = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line; only for “one of several” and “any of several”."),
    )

    class Meta:
        model = Question
        fields = [
            *("label", "slug", "help_text", "kind", "options", "required"),
            *("required_role", "required_track", "depends_on", "depends_value", "personal"),
        ]

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["options"] = "\n".join(self.instance.options)
        self.fields["required_track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        others = event.questions.exclude(pk=self.instance.pk)
        self.fields["depends_on"].queryset = others  # type: ignore[attr-defined]

    def clean_options(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["options"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("kind") in Question.OPTIONS and len(told.get("options") or []) < 2:
            self.add_error("options", _("Write at least two choices, one a line."))
        if told.get("depends_on") and not told.get("depends_value"):
            self.add_error("depends_value", _("After which answer is it asked?"))
        return told


class ExtensionForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address of the person"))
    until = forms.DateTimeField(label=gettext_lazy("Until"), widget=Moment)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


class PhaseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Phase) -> str:
        return obj.label


class MoreTimeForm(forms.Form):
    """The same from the person's own page."""

    phase = PhaseField(Phase.objects.none(), label=gettext_lazy("Phase"))
    until = forms.DateTimeField(label=gettext_lazy("Until"), widget=Moment)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PhaseField, self.fields["phase"]).queryset = event.phases.all()
        self.fields["until"].help_text = _("By the clock of %(zone)s.") % {"zone": event.timezone}
