from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.ballots.models import Ballot
from judging.panel.models import Criterion
from theme.forms import ScorePad


class ScoreForm(forms.Form):
    """One pad for each criterion, a comment, a note; `version` tells which state the judge saw."""

    use_required_attribute = False  # a draft may have gaps
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    comment = forms.CharField(
        label=_("Comment to the authors"),
        help_text=_("Shown to them with the results, without your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
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
        self, data: Any = None, *, criteria: Sequence[Criterion], ballot: Ballot | None
    ) -> None:
        initial: dict[str, object] = {"version": ballot.version if ballot else 0}
        if ballot:
            initial |= {"comment": ballot.comment, "note": ballot.private_note}
            initial |= {_name(s.criterion_id): s.value for s in ballot.scores.all()}
        super().__init__(data, initial=initial)
        self.criteria = criteria
        complete = data is None or "submit" in data
        pads = {_name(criterion.pk): _pad(criterion, complete) for criterion in criteria}
        self.fields = {**pads, **self.fields}

    @property
    def pads(self) -> list[forms.BoundField]:
        return [self[_name(criterion.pk)] for criterion in self.criteria]

    def told(self) -> dict[str, Any]:
        """What the verbs take."""
        cleaned = self.cleaned_data
        given = {criterion.pk: cleaned[_name(criterion.pk)] for criterion in self.criteria}
        return {
            "scores": {pk: value for pk, value in given.items() if value is not None},
            "comment": cleaned["comment"],
            "note": cleaned["note"],
            "version": cleaned["version"],
        }

    def now_knows(self, ballot: Ballot) -> None:
        """After a conflict: to save again is then a decision, made before both states."""
        self.data = {**self.data.dict(), "version": ballot.version}  # type: ignore[attr-defined]


def _name(pk: int) -> str:
    return f"criterion_{pk}"


def _pad(criterion: Criterion, complete: bool) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=criterion.name,
        help_text=criterion.question,
        choices=criterion.scale,
        coerce=int,
        empty_value=None,
        widget=ScorePad,
        required=complete,
        error_messages={"required": _("Choose a step, then submit.")},
    )
