from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from judging.panel.models import Criterion, judges_of
from submissions.entries.models import Submission


class JudgeForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Of somebody who has an account here.")
    )


class ReviewsForm(forms.Form):
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


class CriterionForm(forms.ModelForm):
    words = forms.CharField(
        label=_("What each step means"),
        help_text=_("One line for each step, the lowest first; leave empty to show numbers only."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    class Meta:
        model = Criterion
        fields = ["name", "question", "weight", "steps", "position"]

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.initial.setdefault("words", "\n".join(self.instance.anchors))

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        words = [line.strip() for line in str(cleaned.get("words", "")).splitlines()]
        words = [word for word in words if word]
        if words and len(words) != cleaned.get("steps"):
            self.add_error(
                "words",
                _("%(words)d lines for %(steps)s steps: write one for each step, or none.")
                % {"words": len(words), "steps": cleaned.get("steps")},
            )
        self.instance.anchors = words
        return cleaned
