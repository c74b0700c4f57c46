"""What organizers and teams fill in. Times are typed and shown on the event's clock."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.features import Feature, usual_features
from events.look import contrast, read_picture
from events.models import (
    Event,
    Invitation,
    Page,
    Phase,
    Question,
    Role,
    Seeker,
    Team,
    Track,
)


class SpanField(forms.IntegerField):
    """A duration, typed as a number of `unit`s."""

    def __init__(self, *, unit: timedelta, **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value // self.unit if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> timedelta | None:
        number = super().clean(value)
        return None if number is None else number * self.unit


class Moment(forms.DateTimeInput):
    """The browser's own picker of a day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Colour(forms.TextInput):
    input_type = "color"


def zones() -> list[tuple[str, str]]:
    """By continent and city, and UTC; not the many old names."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())
    real = [zone for zone in named if not zone.startswith(("Etc/", "SystemV/", "US/"))]
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *real]]


class NewEventForm(forms.Form):
    """The wizard: five fields make a draft."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of event is it?"),
        choices=Event.Kind.choices,
        widget=forms.RadioSelect,
        initial=Event.Kind.HACKATHON,
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    first = forms.DateField(label=gettext_lazy("First day"), widget=Day)
    last = forms.DateField(label=gettext_lazy("Last day"), widget=Day)
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("first") and told.get("last") and told["last"] < told["first"]:
            self.add_error("last", _("The last day is before the first."))
        return told

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleaned_data["timezone"])


class CloneForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the new event"), max_length=200)
    first = forms.DateField(label=gettext_lazy("Its first day"), widget=Day)


class BasicsForm(forms.ModelForm):
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones)

    class Meta:
        model = Event
        fields = ["name", "kind", "summary", "description", "place", "timezone"]
        help_texts = {
            "kind": gettext_lazy("It chooses only what is on as a matter of course."),
            "description": gettext_lazy("Markdown."),
            "place": gettext_lazy("An address, or “online”."),
        }


class AdmissionForm(forms.ModelForm):
    offer_lasts = SpanField(
        unit=timedelta(hours=1), min_value=1, max_value=8760, label=gettext_lazy("Hours to confirm")
    )

    class Meta:
        model = Event
        fields = ["admission", "capacity", "offer_lasts", "answers_until"]
        widgets = {"admission": forms.RadioSelect, "answers_until": Moment}
        help_texts = {
            "capacity": gettext_lazy("Empty for no limit. Whoever comes later waits in line."),
            "answers_until": gettext_lazy("Empty: as long as the event is not archived."),
        }


class FeaturesForm(forms.Form):
    on = forms.MultipleChoiceField(
        label=gettext_lazy("This event has"),
        choices=Feature.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    team_size = forms.IntegerField(label=gettext_lazy("Largest team"), min_value=1, max_value=1000)

    def switched(self, event: Event) -> dict[str, bool]:
        """What differs from the usual of the event's kind."""
        chosen, usual = set(self.cleaned_data["on"]), usual_features(event.kind)
        return {f.value: f in chosen for f in Feature if (f in chosen) != (f in usual)}


class LookForm(forms.Form):
    colour = forms.CharField(label=gettext_lazy("Colour"), widget=Colour, initial="#16202e")
    on_colour = forms.CharField(
        label=gettext_lazy("Text on that colour"), widget=Colour, initial="#ffffff"
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, at most 4 MB. It is drawn anew, 512 pixels wide."
        ),
    )

    def clean_logo(self) -> Any:
        file = self.cleaned_data["logo"]
        return read_picture(file) if file else None

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        ratio = contrast(told.get("colour", ""), told.get("on_colour", ""))
        if ratio is None:
            raise ValidationError(_("Write colours as #rrggbb, such as #1250a8."))
        if ratio < 4.5:
            raise ValidationError(
                _(
                    "This text cannot be read well on this colour: the contrast is %(ratio).1f, "
                    "and it takes 4.5. Choose a darker or a lighter one of the two."
                ),
                params={"ratio": ratio},
            )
        return told


class PhaseForm(forms.ModelForm):
    grace = SpanField(
        unit=timedelta(minutes=1),
        min_value=0,
        max_value=10080,
        label=gettext_lazy("Minutes of grace"),
        help_text=gettext_lazy("What comes so late still counts; nobody is told of it."),
    )

    class Meta:
        model = Phase
        fields = ["kind", "name", "opens_at", "closes_at", "grace"]
        widgets = {"opens_at": Moment, "closes_at": Moment}
        help_texts = {"name": gettext_lazy("If it is called otherwise here: “Call for talks”.")}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        opens, closes = told.get("opens_at"), told.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes before it opens."))
        return told


class TrackForm(forms.ModelForm):
    class Meta:
        model = Track
        fields = ["name", "slug", "description", "capacity"]
        help_texts = {"capacity": gettext_lazy("How many may register for it; empty for no limit.")}


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ["title", "slug", "text"]
        help_texts = {"text": gettext_lazy("Markdown.")}


class QuestionForm(forms.ModelForm):
    options = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line; only for “one of several” and “any of several”."),
    )

    class Meta:
        model = Question
        fields = [
            *("label", "slug", "help_text", "kind", "options", "required"),
            *("required_role", "required_track", "depends_on", "depends_value", "personal"),
        ]

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["options"] = "\n".join(self.instance.options)
        self.fields["required_track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
        others = event.questions.exclude(pk=self.instance.pk)
        self.fields["depends_on"].queryset = others  # type: ignore[attr-defined]

    def clean_options(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["options"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("kind") in Question.OPTIONS and len(told.get("options") or []) < 2:
            self.add_error("options", _("Write at least two choices, one a line."))
        if told.get("depends_on") and not told.get("depends_value"):
            self.add_error("depends_value", _("After which answer is it asked?"))
        return told


class ConductForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Code of conduct"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Markdown. A change is a new version: people are asked again."),
    )


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name"]


class TeamAboutForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "about", "wanted", "recruiting"]


class AddressForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"))


class AskForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("A sentence to the team"), max_length=300, required=False
    )


class SeekerForm(forms.ModelForm):
    class Meta:
        model = Seeker
        fields = ["skills", "about"]
        help_texts = {"skills": gettext_lazy("With commas: PyTorch, React, biology.")}


class ExtensionForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address of the person"))
    until = forms.DateTimeField(label=gettext_lazy("Until"), widget=Moment)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["email", "name", "role", "track", "uses", "expires_at", "note"]
        widgets = {"expires_at": Moment}
        help_texts = {
            "email": gettext_lazy("Empty for a code that many may use."),
            "role": gettext_lazy("Empty for people who take part."),
        }

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]


class InvitationListForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The list"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "email,name,role,track"}),
        help_text=gettext_lazy("CSV; the first line names the columns: email, name, role, track."),
    )
    file = forms.FileField(label=gettext_lazy("Or a file"), required=False)
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Valid until"), required=False, widget=Moment
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("file"):
            try:
                told["text"] = told["file"].read(2**20 + 1).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not UTF-8 text; save it as CSV (UTF-8)."))
        if not told.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Paste a list, or choose a file."))
        return told


class RoleForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address of their account"))
    kind = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.Kind.choices)
    track = forms.ModelChoiceField(
        Track.objects.none(),
        label=gettext_lazy("Category"),
        required=False,
        help_text=gettext_lazy("For category leads."),
    )

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["track"].queryset = event.tracks.all()  # type: ignore[attr-defined]
