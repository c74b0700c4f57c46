from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event, Track
from judging.awards.models import PLACES, Prize
from submissions.entries.models import EntryType, Submission


class AwardForm(forms.Form):
    """A place in one track, given by decision."""

    DECIDED = ("place", "submission", "reason", "shared")

    track = forms.ModelChoiceField(Track.objects.none(), widget=forms.HiddenInput)
    entry_type = forms.IntegerField(widget=forms.HiddenInput, required=False)
    place = forms.TypedChoiceField(
        label=_("Place"), choices=[(place, place) for place in PLACES], coerce=int
    )
    submission = forms.ModelChoiceField(Submission.objects.none(), label=_("Submission"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Why the ranking is overruled; kept, not shown in public."),
        max_length=500,
    )
    shared = forms.BooleanField(label=_("Shares the place with who holds it"), required=False)

    def __init__(
        self,
        *args: object,
        event: Event,
        track: Track | None = None,
        entry_type: EntryType | None = None,
        **options: object,
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        submitted = event.submissions.submitted()
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        if track is not None and track.pk:  # those without a category win no place
            submitted = submitted.in_tracks([track]).filter(entry_type=entry_type)
            self.initial["track"] = track
            self.initial["entry_type"] = entry_type and entry_type.pk
        self.fields["submission"].queryset = submitted.order_by("title")  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    confirmed = forms.BooleanField(
        label=_("Show the winners to everybody, open all submissions, and end judging"),
        required=False,
    )


class ReleaseForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Publish at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: object, zone: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.zone = zone
        self.fields["at"].help_text = _("In the event's time zone, %(zone)s.") % {"zone": zone}

    def clean_at(self) -> datetime:
        """What was typed is in the event's zone, whatever zone the organizer sits in."""
        told: datetime = self.cleaned_data["at"]
        return told.replace(tzinfo=ZoneInfo(self.zone))


class PrizeForm(forms.ModelForm):
    class Meta:
        model = Prize
        fields = ["name", "description", "track", "by", "submission", "reason"]

    def __init__(self, *args: object, event: Event, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        submitted = event.submissions.submitted().order_by("title")
        self.fields["submission"].queryset = submitted  # type: ignore[attr-defined]
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        self.fields["track"].empty_label = _("all categories")  # type: ignore[attr-defined]
        self.fields["submission"].help_text = _("Leave it empty where votes decide.")

    def _get_validation_exclusions(self) -> set[str]:
        """The name may exist: then it is that prize which is changed."""
        return {*super()._get_validation_exclusions(), "name"}  # type: ignore[misc]
