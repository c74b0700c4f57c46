"""What organizers fill in to say what is handed in: an entry type, and a question of it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.forms import Moment, SpanField
from submissions.entries.models import EntryType, Question, Submission
from submissions.entries.models.entry_type import LARGEST, USUAL

ASKED = [
    ("", gettext_lazy("not asked for")),
    ("optional", gettext_lazy("may be left out")),
    ("required", gettext_lazy("required")),
]


class NewTypeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = EntryType
        fields = ["name", "kind", "belongs_to"]


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """All of an entry type; each built-in field has a choice `ask_…` and a limit `limit_…`."""

    grace = SpanField(
        unit=timedelta(minutes=1),
        min_value=0,
        max_value=10080,
        label=gettext_lazy("Minutes of grace"),
        help_text=gettext_lazy("What comes so late still counts; nobody is told of it."),
    )

    class Meta:
        model = EntryType
        fields = [
            *("name", "intro", "belongs_to", "uses_tracks", "several_tracks", "tracks"),
            *("opens_at", "closes_at", "grace", "at_deadline", "per_person", "per_team"),
            *("blind", "decided"),
        ]
        widgets = {
            "opens_at": Moment,
            "closes_at": Moment,
            "intro": forms.Textarea(attrs={"rows": 3}),
            "tracks": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "tracks": gettext_lazy("None chosen: all of the event."),
            "opens_at": gettext_lazy("Empty: with the event's phase of submission."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tracks"].queryset = self.instance.event.tracks.all()  # type: ignore[attr-defined]
        asked = self.instance.asked
        for name, (_needed, limit) in USUAL.items():
            told = asked.get(name)
            self.fields[f"ask_{name}"] = self._ask(name, told)
            self.fields[f"limit_{name}"] = forms.IntegerField(
                label=_("Limit"),
                initial=told["limit"] if told else limit,
                min_value=1,
                max_value=LARGEST[name],
            )

    @staticmethod
    def _ask(name: str, told: dict[str, Any] | None) -> Any:
        label = str(Submission._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
        choices = ASKED[2:] if name == "title" else ASKED
        initial = ("required" if told["required"] else "optional") if told else ""
        field: Any = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=name == "title"
        )
        field.needed_later = True  # "optional" beside it would say the wrong thing
        return field

    @property
    def plain(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields]

    @property
    def builtin(self) -> list[tuple[Any, Any]]:
        return [(self[f"ask_{name}"], self[f"limit_{name}"]) for name in USUAL]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        opens, closes = told.get("opens_at"), told.get("closes_at")
        if (opens is None) != (closes is None):
            self.add_error("closes_at", _("Give both times, or none."))
        elif opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes before it opens."))
        if told.get("per_team") is not None and told.get("belongs_to") != "team":
            self.add_error("per_team", _("Only what belongs to a team has a limit a team."))
        return told

    def values(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in self.Meta.fields}
        fields = {
            name: {
                "required": self.cleaned_data[f"ask_{name}"] == "required",
                "limit": self.cleaned_data[f"limit_{name}"],
            }
            for name in USUAL
            if self.cleaned_data[f"ask_{name}"]
        }
        return told | {"fields": fields}


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line; only for “one of a list”."),
    )

    class Meta:
        model = Question
        fields = [
            *("label", "help", "shape", "choices", "required", "limit", "unit"),
            *("identifies", "public"),
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("shape") == Question.Shape.CHOICE and len(told.get("choices") or []) < 2:
            self.add_error("choices", _("Write at least two choices, one a line."))
        return told
