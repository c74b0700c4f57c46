from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event
from submissions.entries.models import Submission, web_address


class WebAddressField(forms.URLField):
    """An address typed without its scheme is taken as https."""

    default_error_messages: ClassVar = {"invalid": web_address.message}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"assume_scheme": "https"})


class SubmissionForm(forms.ModelForm):
    """The whole text of a submission; `revision` tells which state of it the writer has seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Submission
        fields = ["track", *Submission.CONTENT]
        field_classes = {name: WebAddressField for name in Submission.LINKS}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 14}),
        }
        help_texts = {
            "summary": _("Two sentences that a judge reads first, 300 characters at most."),
            "description": _(
                "In Markdown: what it does, how it works, what is new, how to try it."
            ),
            "video_url": _("A link; judges watch it where it lies."),
        }

    def __init__(self, *args: object, event: Event, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        self.fields["track"].empty_label = _("Choose a category")  # type: ignore[attr-defined]
        self.initial.setdefault("revision", self.instance.revision)
        for name in Submission.NEEDED:
            # A draft may lack them, a final submission may not: so not marked as optional.
            self.fields[name].needed_later = True  # type: ignore[attr-defined]

    def content(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in Submission.CONTENT}
