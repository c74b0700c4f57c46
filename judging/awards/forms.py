from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event, Track
from judging.awards.models import PLACES
from submissions.entries.models import Submission


class AwardForm(forms.Form):
    """A place in one track, given by decision."""

    track = forms.ModelChoiceField(Track.objects.none(), widget=forms.HiddenInput)
    place = forms.TypedChoiceField(
        label=_("Place"), choices=[(place, place) for place in PLACES], coerce=int
    )
    submission = forms.ModelChoiceField(Submission.objects.none(), label=_("Submission"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Why the ranking is overruled; kept, not shown in public."),
        max_length=500,
    )

    def __init__(
        self, *args: object, event: Event, track: Track | None = None, **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        submitted = event.submissions.submitted()
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        if track is not None:
            submitted = submitted.filter(track=track)
            self.initial["track"] = track
        self.fields["submission"].queryset = submitted.order_by("title")  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    confirmed = forms.BooleanField(
        label=_("Show the winners to everybody, open all submissions, and end judging"),
        required=False,
    )
