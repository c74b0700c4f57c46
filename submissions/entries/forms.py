from copy import copy
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Track
from submissions.entries.drafting import working_values
from submissions.entries.links import allowed_address
from submissions.entries.merging import marks, nested
from submissions.entries.models import Author, EntryType, Gallery, Question, Submission

HIDDEN = ("revision", "seen")


class WebAddressField(forms.URLField):
    """An address typed without its scheme is taken as https."""

    default_error_messages: ClassVar = {
        "invalid": _("Write a full web address that begins with https:// or http://.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"assume_scheme": "https"})


class CategoryField(forms.TypedChoiceField):
    """One of the categories at hand, without asking the database again; its value is a Track."""

    def __init__(self, tracks: list[Track], **options: Any) -> None:
        self.tracks = {str(track.pk): track for track in tracks}
        choices = [("", _("Choose a category")), *((key, str(t)) for key, t in self.tracks.items())]
        super().__init__(choices=choices, coerce=self.tracks.get, empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)


class SubmissionForm(forms.ModelForm):
    """The whole text of a submission, with the fields that its type asks for; `revision` tells
    which state of it the writer has seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Submission
        fields = ["track", *Submission.CONTENT, "publish"]
        field_classes = {name: WebAddressField for name in Submission.LINKS}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 14}),
        }
        help_texts = {
            "summary": _("Two sentences that a judge reads first."),
            "description": _(
                "In Markdown: what it does, how it works, what is new, how to try it."
            ),
            "video_url": _("A link; judges watch it where it lies."),
            "built_with": _("Tools and libraries, with commas between them."),
            "licence": _("Under which others may use the work."),
            "publish": _("It may be shown to everybody in the gallery of the event."),
        }

    def __init__(self, *args: object, entry_type: EntryType, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.entry_type = entry_type
        self.questions = list(entry_type.questions.all())
        self.initial.setdefault("revision", self.instance.revision)
        self.initial.setdefault("seen", {})
        self._choose_track()
        for name in Submission.CONTENT:
            if name in entry_type.asked:
                self._fit(name, **entry_type.asked[name])
            else:
                del self.fields[name]
        for question in self.questions:
            self._ask(question)
        self.order_fields(["title", "track", "more_tracks"])

    def _choose_track(self) -> None:
        tracks = list(self.entry_type.choosable_tracks())
        if not tracks:
            del self.fields["track"]
            return
        self.fields["track"] = CategoryField(tracks, label=self.fields["track"].label)
        if self.entry_type.several_tracks:
            self.fields["more_tracks"] = forms.MultipleChoiceField(
                label=_("Further categories"),
                help_text=_("It competes in each of them; the one above is named first."),
                required=False,
                choices=[(track.slug, track.name) for track in tracks],
                widget=forms.CheckboxSelectMultiple,
            )

    def _get_validation_exclusions(self) -> set[str]:
        """Without the category, which is one of those that were fetched a moment ago."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"track"}

    def _fit(self, name: str, *, required: bool, limit: int) -> None:
        field: Any = self.fields[name]
        # A draft may lack them, a final submission may not: so not marked as optional.
        field.needed_later = required
        if hasattr(field, "max_length"):
            self.fields[name] = limited(field, limit)

    def _ask(self, question: Question) -> None:
        name = f"answer_{question.slug}"
        self.fields[name] = field_of(question)
        self.initial[name] = self.instance.answers.get(question.slug, "")

    @property
    def text_fields(self) -> list[str]:
        """Those that stand beside the preview: what is read, in the order it is read."""
        return ["title", "track", "more_tracks", "summary", "description", *self.answers]

    def clean_more_tracks(self) -> list[str]:
        """Without the first one."""
        first = self.cleaned_data.get("track")
        return [
            slug for slug in self.cleaned_data["more_tracks"] if not first or slug != first.slug
        ]

    @property
    def answers(self) -> list[str]:
        return [f"answer_{question.slug}" for question in self.questions]

    def content(self) -> dict[str, Any]:
        """What was written, by the names of the model; the answers in one."""
        told = nested(self.values())
        told.pop("track", None)
        return told

    def values(self) -> dict[str, Any]:
        """What was written and is in order, field by field; `track` is a Track."""
        names = [name for name in self.fields if name not in HIDDEN]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def chosen_track(self) -> Any:
        return self.cleaned_data.get("track")

    def marks_seen(self) -> dict[str, str]:
        """The marks of what the writer began with (see merging)."""
        told = self.cleaned_data.get("seen")
        return told if isinstance(told, dict) else {}

    def marks_of(self, values: dict[str, Any]) -> dict[str, str]:
        """The marks of what stands in the fields when they show these values."""
        return marks({name: values.get(name, "") for name in self.fields if name not in HIDDEN})

    def said(self) -> list[tuple[str, str]]:
        """(label, sentence) of each field that is not in order."""
        return [
            (str(self[name].label), str(error))
            for name, errors in self.errors.items()
            if name in self.fields
            for error in errors
        ]


def editor(submission: Submission, data: Any = None) -> SubmissionForm:
    """The form of a submission with what is being written, and the marks of that."""
    values = working_values(submission)
    initial = values | {"revision": submission.revision}
    # A copy: what the form validates must not overwrite what is stored.
    instance = copy(submission)
    form = SubmissionForm(
        data, instance=instance, entry_type=submission.entry_type, initial=initial
    )
    for name in form.answers:
        form.initial[name] = values.get(name, "")
    form.initial["seen"] = form.marks_of(values)
    return form


def limited(field: Any, limit: int) -> Any:
    """The field, that takes `limit` characters and says how many there are."""
    field.max_length = limit
    field.widget.attrs["maxlength"] = str(limit)
    field.validators = [v for v in field.validators if getattr(v, "code", "") != "max_length"]
    field.validators.append(forms.CharField(max_length=limit).validators[0])
    return field


def field_of(question: Question) -> Any:
    """The form's field for a question of the event."""
    told: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": False,  # a draft may lack it
    }
    if question.shape == Question.Shape.CHOICE:
        choices = [("", "—"), *((choice, choice) for choice in question.choices)]
        field: Any = forms.ChoiceField(choices=choices, **told)
    elif question.shape == Question.Shape.LINK:
        field = WebAddressField(validators=[allowed_address], max_length=500, **told)
    else:
        wide = forms.Textarea(attrs={"rows": 5})
        widget = wide if question.shape == Question.Shape.TEXT else forms.TextInput()
        field = forms.CharField(
            widget=widget, validators=[WithinLimit(question.limit, question.unit)], **told
        )
    field.needed_later = question.required
    return field


class WithinLimit:
    """A validator that counts characters, or words."""

    def __init__(self, limit: int, unit: str) -> None:
        self.limit, self.unit = limit, unit

    def __call__(self, value: str) -> None:
        words = self.unit == Question.Unit.WORDS
        held = len(value.split()) if words else len(value)
        if held <= self.limit:
            return
        said = (
            _("%(held)d words; %(limit)d is the most.")
            if words
            else _("%(held)d characters; %(limit)d is the most.")
        )
        raise forms.ValidationError(
            said, code="max_length", params={"held": held, "limit": self.limit}
        )


class AuthorForm(forms.ModelForm):
    class Meta:
        model = Author
        fields = ["name", "affiliation", "email", "presents"]


class BaseAuthorFormSet(forms.BaseFormSet):
    """All authors of a submission, in order."""

    @staticmethod
    def told(submission: Submission) -> list[dict[str, Any]]:
        told = submission.authors.values("name", "affiliation", "email", "presents")
        return [dict(one) for one in told]

    def people(self) -> list[dict[str, Any]]:
        """Mappings of Author's fields, in the order that was chosen; empty rows are left out."""
        return [
            {name: form.cleaned_data[name] for name in AuthorForm.Meta.fields}
            for form in self.ordered_forms
            if form.cleaned_data.get("name")
        ]


AuthorFormSet: Any = forms.formset_factory(
    AuthorForm, formset=BaseAuthorFormSet, extra=2, can_order=True, can_delete=True, max_num=50
)


class ImportForm(forms.Form):
    """Text to take in, pasted or as a file."""

    text = forms.CharField(
        label=_("The list"),
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 10,
                "placeholder": "type,track,title,summary,description,authors,team,state",
            }
        ),
    )
    file = forms.FileField(label=_("Or a file"), required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("file"):
            try:
                told["text"] = told["file"].read(20 * 2**20 + 1).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not UTF-8 text; save it as CSV (UTF-8)."))
        if not told.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Paste a list, or choose a file."))
        return told


class GalleryForm(forms.ModelForm):
    class Meta:
        model = Gallery
        fields = ["opens_at", "votes", "votes_published"]
        widgets = {"opens_at": forms.DateTimeInput(attrs={"type": "datetime-local"})}
