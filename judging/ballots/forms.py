import time
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.ballots.models import Ballot, Flag, Skip
from judging.panel.models import Criterion, Example
from submissions.entries.models import Submission
from theme.forms import ScorePad

CANNOT = "none"  # the answer "cannot judge"; no answer at all is empty


class ScoreForm(forms.Form):
    """One pad for each criterion, comments, a note; `version` tells which state the judge saw."""

    use_required_attribute = False  # a draft may have gaps
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    opened = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=0)
    comment = forms.CharField(
        label=_("Comment to the authors"),
        help_text=_("Shown to them with the results, without your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )
    to_organizers = forms.CharField(
        label=_("Comment to the organizers"),
        help_text=_("Only they read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
    )
    note = forms.CharField(
        label=_("Private note"),
        help_text=_("Only for you."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
    )

    def __init__(
        self, data: Any = None, *, criteria: Sequence[Criterion], ballot: Ballot | None = None
    ) -> None:
        initial: dict[str, object] = {"version": 0, "opened": round(time.time(), 1)}
        if ballot:
            initial |= {
                "version": ballot.version,
                "comment": ballot.comment,
                "to_organizers": ballot.to_organizers,
                "note": ballot.private_note,
            }
            initial |= {
                name_of(s.criterion_id): CANNOT if s.value is None else s.value
                for s in ballot.scores.all()
            }
        super().__init__(data, initial=initial)
        self.criteria = criteria
        self.complete = data is None or "submit" in data
        pads = {name_of(criterion.pk): pad(criterion, self.complete) for criterion in criteria}
        self.fields = {**pads, **self.fields}

    @property
    def pads(self) -> list[forms.BoundField]:
        return [self[name_of(criterion.pk)] for criterion in self.criteria]

    def told(self) -> dict[str, Any]:
        """What the verbs take."""
        cleaned = self.cleaned_data
        return {
            "scores": self._scores(),
            **{name: cleaned[name] for name in ("comment", "to_organizers", "note", "version")},
            "opened": cleaned["opened"],
        }

    def _scores(self) -> dict[int, int | None]:
        scores = {}
        for criterion in self.criteria:
            value = self.cleaned_data[name_of(criterion.pk)]
            if value not in ("", None):
                scores[criterion.pk] = None if value == CANNOT else int(value)
            elif criterion.is_fine and criterion.optional and self.complete:
                scores[criterion.pk] = None  # left empty when submitted
        return scores

    def now_knows(self, ballot: Ballot) -> None:
        """After a conflict: to save again is then a decision, made before both states."""
        self.data = {**self.data.dict(), "version": ballot.version}  # type: ignore[attr-defined]


class ExampleForm(forms.Form):
    """A made-up submission: every criterion, nothing else."""

    def __init__(self, data: Any = None, *, example: Example, scores: dict[int, int]) -> None:
        super().__init__(data, initial={name_of(pk): value for pk, value in scores.items()})
        self.criteria = list(example.event.criteria.filter(track__isnull=True))
        for criterion in self.criteria:
            criterion.optional = False
            self.fields[name_of(criterion.pk)] = pad(criterion, complete=True)

    def told(self) -> dict[int, int]:
        return {c.pk: int(self.cleaned_data[name_of(c.pk)]) for c in self.criteria}


class PairPad(forms.RadioSelect):
    """The two, and between them neither: a row of buttons."""

    template_name = "ballots/pairpad.html"


class PairForm(forms.Form):
    """Which of two is better by each criterion that is asked of both; nothing is preselected."""

    def __init__(
        self, data: Any = None, *, one: Submission, other: Submission, criteria: list[Criterion]
    ) -> None:
        super().__init__(data)
        self.criteria = criteria
        choices = [(str(one.pk), str(one)), ("", _("cannot tell")), (str(other.pk), str(other))]
        for criterion in criteria:
            self.fields[name_of(criterion.pk)] = forms.ChoiceField(
                label=criterion.name,
                help_text=criterion.question,
                choices=choices,
                widget=PairPad,
                required=False,
                initial="-",  # none of the three
            )
            self.fields[name_of(criterion.pk)].needed_later = True  # type: ignore[attr-defined]
        self.better = {str(one.pk): one, str(other.pk): other}

    def told(self) -> dict[int, Submission | None]:
        """The better one by the criterion's id, None where the judge cannot tell."""
        told = {c.pk: self.cleaned_data[name_of(c.pk)] for c in self.criteria}
        return {pk: self.better.get(value) for pk, value in told.items()}


class SkipForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Not now, because"),
        choices=[(r.value, r.label) for r in (Skip.Reason.ABSENT, Skip.Reason.BUSY)],
    )


class FlagForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is wrong"), choices=Flag.Kind.choices)
    words = forms.CharField(label=_("In your words"), max_length=300, required=False)


def name_of(pk: int) -> str:
    return f"criterion_{pk}"


def pad(criterion: Criterion, complete: bool) -> forms.Field:
    """A row of buttons, or for a fine scale a number."""
    told = {"required": _("Choose a step, then submit.")}
    if criterion.is_fine:
        return forms.IntegerField(
            label=criterion.name,
            help_text=criterion.question,
            min_value=1,
            max_value=criterion.steps,
            required=complete and not criterion.optional,
            error_messages=told,
        )
    choices: list[tuple[Any, Any]] = [*criterion.scale]
    if criterion.optional:
        choices.append((CANNOT, _("cannot judge")))
    return forms.TypedChoiceField(
        label=criterion.name,
        help_text=criterion.question,
        choices=choices,
        coerce=str,
        empty_value="",
        widget=ScorePad,
        required=complete,
        error_messages=told,
    )
