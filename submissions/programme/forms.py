"""What people fill in. Times are by the clocks of the event's zone, as the pages show them."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event
from submissions.entries.forms import WebAddressField
from submissions.programme.clock import moment, wall
from submissions.programme.models import (
    Feedback,
    Poster,
    Presenter,
    Programme,
    Recap,
    Room,
    Session,
    Slot,
)
from theme.forms import ScorePad
from theme.refusal import Refused


class LocalMoment(forms.CharField):
    """A date and time as the browser's own picker sends it, without a zone; see `clock.moment`."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        if isinstance(value, datetime) or not value:
            return value or None
        try:
            return datetime.fromisoformat(str(value).strip().replace(" ", "T")).replace(tzinfo=None)
        except ValueError:
            raise forms.ValidationError(
                _("Write date and time as 2021-12-01 15:30."), code="moment"
            ) from None


class InZone(forms.Form):
    """Turns what the event's clocks show into instants, with the sentence beside the field."""

    event: Event
    moments: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in self.moments:
            if told.get(name):
                try:
                    told[name] = moment(self.event, told[name])
                except Refused as refused:
                    self.add_error(name, str(refused))
        return told


class SlotForm(InZone):
    """A session's place: room, beginning, length."""

    moments = ("starts_at",)
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("everywhere")
    )
    starts_at = LocalMoment(label=_("Begins"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440)

    def __init__(self, *args: Any, session: Session, slot: Slot | None, **options: Any) -> None:
        self.event = session.event
        initial: dict[str, Any] = {"minutes": session.minutes}
        if slot is not None:
            initial = {
                "room": slot.room_id,
                "starts_at": wall(self.event, slot.starts_at),
                "minutes": int(slot.length.total_seconds()) // 60,
            }
        options["initial"] = initial | options.get("initial", {})
        super().__init__(*args, **options)
        rooms = session.event.rooms.filter(retired=False)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["starts_at"].help_text = session.event.timezone

    def place(self) -> dict[str, Any]:
        told = self.cleaned_data
        end = told["starts_at"] + timedelta(minutes=told["minutes"])
        return {"room": told["room"], "start": told["starts_at"], "end": end}


class SessionForm(forms.ModelForm):
    class Meta:
        model = Session
        fields = ["kind", "title", "abstract", "track", "minutes", "expected"]
        help_texts = {
            "abstract": _("In Markdown."),
            "expected": _("If known: the editor warns where the room is smaller."),
        }

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        self.fields["track"].empty_label = _("none")  # type: ignore[attr-defined]


class RoomForm(forms.ModelForm):
    class Meta:
        model = Room
        fields = ["name", "capacity", "link", "position"]
        field_classes = {"link": WebAddressField}
        help_texts = {"link": _("Shown to those who take part, when the session is on.")}


class DayForm(forms.Form):
    date = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}))


class ContributorForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    affiliation = forms.CharField(label=_("Affiliation"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        required=False,
        help_text=_("With it the person confirms, uploads and answers here."),
    )


class HangForm(forms.Form):
    poster = forms.ModelChoiceField(Poster.objects.none(), label=_("Poster"))
    number = forms.IntegerField(label=_("Board"), min_value=1, max_value=10_000)

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["poster"].queryset = event.posters.all()  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What people should know about this version"), max_length=500, required=False
    )


class SettingsForm(InZone, forms.ModelForm):
    """The programme's settings of an event."""

    moments = ("slides_until", "vote_opens_at", "vote_closes_at")
    slides_until = LocalMoment(label=_("Slides and posters until"), required=False)
    vote_opens_at = LocalMoment(label=_("Best-poster vote from"), required=False)
    vote_closes_at = LocalMoment(label=_("Best-poster vote until"), required=False)

    class Meta:
        model = Programme
        fields = [
            "hall_public",
            "moderated",
            "slides_until",
            "vote_opens_at",
            "vote_closes_at",
            "release_form",
            "embed_from",
        ]
        help_texts = {
            "embed_from": _(
                "Addresses such as https://example.org, separated by spaces; empty: every site."
            ),
        }

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        self.event = event
        super().__init__(*args, **options)
        for name in self.moments:
            if value := getattr(self.instance, name):
                self.initial[name] = wall(event, value)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        opens, closes = told.get("vote_opens_at"), told.get("vote_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("vote_closes_at", _("A vote ends after it begins."))
        return told

    def clean_embed_from(self) -> str:
        sites = self.cleaned_data["embed_from"].split()
        for site in sites:
            host = site.removeprefix("https://").removeprefix("http://").removeprefix("*.")
            plain = host.replace(".", "").replace("-", "").replace(":", "").isalnum()
            if host == site or not plain:
                raise forms.ValidationError(
                    _("“%(site)s” is no site; write https://example.org."), params={"site": site}
                )
        return " ".join(sites)


class NeedsForm(forms.ModelForm):
    class Meta:
        model = Presenter
        fields = ["equipment", "release"]
        widgets = {"equipment": forms.Textarea(attrs={"rows": 3}), "release": forms.RadioSelect}
        help_texts = {"equipment": _("An adapter, sound, a whiteboard, a later time for tests …")}


class TimesForm(InZone):
    """One time in which somebody can present; a row of a small table of them."""

    moments = ("starts_at", "ends_at")
    starts_at = LocalMoment(label=_("From"), required=False)
    ends_at = LocalMoment(label=_("Until"), required=False)

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        self.event = event
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        start, end = told.get("starts_at"), told.get("ends_at")
        if bool(start) != bool(end) and not self.errors:
            raise forms.ValidationError(_("Write both: from and until."))
        if start and end and end <= start:
            self.add_error("ends_at", _("A time ends after it begins: choose a later end."))
        return told


class UploadForm(forms.Form):
    file = forms.FileField(label=_("PDF, PNG, JPEG or WebP"))


class OwnPosterForm(forms.ModelForm):
    """What authors change of their poster; what was accepted stays as it is."""

    class Meta:
        model = Poster
        fields = ["video_url", "code_url", "paper_url", "meeting_url", "shows_evidence"]
        field_classes = {name: WebAddressField for name in (*Poster.LINKS, "meeting_url")}
        help_texts = {
            "meeting_url": _("Where you talk with visitors; only those in the hall see it."),
            "shows_evidence": _("Visitors see the report on your data set beside the poster."),
        }


MARKS = [(1, _("poor")), (2, _("weak")), (3, _("fair")), (4, _("good")), (5, _("great"))]


class FeedbackForm(forms.ModelForm):
    rating = forms.TypedChoiceField(
        label=_("How was it?"), widget=ScorePad, choices=MARKS, coerce=int
    )
    named = forms.BooleanField(label=_("Sign it with my name"), required=False)

    class Meta:
        model = Feedback
        fields = ["rating", "comment", "may_quote"]
        widgets = {"comment": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "comment": _(
                "Organizers read it; speakers do after the event. Without your name, "
                "unless you sign it."
            ),
        }


class RecapForm(forms.ModelForm):
    class Meta:
        model = Recap
        fields = ["prose", "quotes"]
        widgets = {
            "prose": forms.Textarea(attrs={"rows": 14}),
            "quotes": forms.CheckboxSelectMultiple,
        }
        labels = {"quotes": _("Comments to quote")}
        help_texts = {
            "prose": _("In Markdown: what this event was."),
            "quotes": _("Only comments whose writers agreed are listed."),
        }

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        with_consent = event.feedback.filter(may_quote=True).exclude(comment="")
        self.fields["quotes"].queryset = with_consent  # type: ignore[attr-defined]
        self.fields["quotes"].label_from_instance = lambda f: f"“{f.comment}”"  # type: ignore[attr-defined]
        self.fields["quotes"].required = False
