from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from judging.panel.models import Criterion, Example, Expertise, Panel, judges_of
from submissions.entries.models import Submission


class JudgeForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Whoever has no account here is invited by mail."),
    )


class ReviewsForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    reviews = forms.IntegerField(
        label=_("Reviews for each submission"),
        help_text=_("Four tell far more than three; eight settle most podiums."),
        min_value=1,
        max_value=50,
        initial=4,
    )


class PairForm(forms.Form):
    """One judge and one submission, both of this event."""

    submission = forms.ModelChoiceField(Submission.objects.none(), label=_("Submission"))
    judge = forms.ModelChoiceField(User.objects.none(), label=_("Judge"))

    def __init__(self, *args: object, event: Event, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["submission"].queryset = event.submissions.submitted()  # type: ignore[attr-defined]
        self.fields["judge"].queryset = judges_of(event)  # type: ignore[attr-defined]


class ConflictForm(PairForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class PanelForm(forms.ModelForm):
    """How the event judges."""

    class Meta:
        model = Panel
        fields = [
            "evidence", "blind", "pairs", "pairs_by_criterion", "discussion", "shows_scores",
            "second_organizer", "cap",
        ]  # fmt: skip


class ExpertiseForm(forms.ModelForm):
    class Meta:
        model = Expertise
        fields = ["tracks", "words", "capacity", "away_from", "away_until"]
        widgets = {
            "tracks": forms.CheckboxSelectMultiple,
            "away_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "away_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "words": _("Separated by commas, such as “speech, fairness, robotics”."),
            "capacity": _("Empty: as many as it takes."),
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["tracks"].queryset = self.instance.event.tracks.all()  # type: ignore[attr-defined]
        self.fields["tracks"].required = False

    def clean(self) -> dict[str, object]:
        told: dict[str, object] = super().clean() or {}
        begin, end = told.get("away_from"), told.get("away_until")
        if end and not begin:
            self.add_error("away_from", _("Say from when on."))
        elif begin and end and end < begin:  # type: ignore[operator]
            self.add_error("away_until", _("This is before the day it begins."))
        return told


class ExamplesForm(forms.Form):
    """Up to three made-up submissions."""

    def __init__(self, *args: object, event: Event, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        known = {example.position: example for example in event.examples.all()}
        for number in range(1, Example.MOST + 1):
            example = known.get(number)
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Title of example %(number)d") % {"number": number},
                max_length=120, required=False, initial=example.title if example else "",
            )  # fmt: skip
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Its description"),
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=5000, required=False, initial=example.text if example else "",
            )  # fmt: skip

    def clean(self) -> dict[str, object]:
        told: dict[str, object] = super().clean() or {}
        for number in range(1, Example.MOST + 1):
            if bool(told.get(f"title_{number}")) != bool(told.get(f"text_{number}")):
                self.add_error(f"title_{number}", _("Write both, title and description, or none."))
        return told

    def told(self) -> list[tuple[str, str]]:
        rows = [
            (self.cleaned_data[f"title_{n}"], self.cleaned_data[f"text_{n}"])
            for n in range(1, Example.MOST + 1)
        ]
        return [row for row in rows if row[0]]


class CriterionForm(forms.ModelForm):
    words = forms.CharField(
        label=_("What each step means"),
        help_text=_(
            "One line for each step, the lowest first; for a scale to 100 two to ten lines, each "
            "for an equal part of it. Leave empty to show numbers only."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    class Meta:
        model = Criterion
        fields = [
            "name", "question", "track", "weight", "steps", "shown_as", "optional", "position",
        ]  # fmt: skip

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        usual = {*Criterion.STEPS, self.instance.steps}
        self.fields["steps"] = forms.TypedChoiceField(
            label=_("Scale"),
            choices=[(n, _("1 to %(n)d") % {"n": n}) for n in sorted(usual)],
            coerce=int,
        )
        self.fields["shown_as"].required = False
        self.fields["track"].queryset = self.instance.event.tracks.all()  # type: ignore[attr-defined]
        self.fields["track"].empty_label = _("all categories")  # type: ignore[attr-defined]
        self.initial.setdefault("words", "\n".join(self.instance.anchors))

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        words = [line.strip() for line in str(cleaned.get("words", "")).splitlines()]
        words = [word for word in words if word]
        steps = cleaned.get("steps")
        if steps == 100 and 2 <= len(words) <= 10:  # each names an equal part of the scale
            self.instance.anchors = words
            return cleaned
        if words and len(words) != steps:
            self.add_error(
                "words",
                _("%(words)d lines for %(steps)s steps: write one for each step, or none.")
                % {"words": len(words), "steps": cleaned.get("steps")},
            )
        self.instance.anchors = words
        return cleaned
