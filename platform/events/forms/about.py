"""What organizers fill in about the event itself. Times are typed and shown on its clock."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.features import Feature, usual_features
from events.forms.fields import Colour, Day, Moment, SpanField, zones
from events.look import contrast, read_picture
from events.models import Event


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


class SafetyForm(forms.ModelForm):
    class Meta:
        model = Event
        fields = ["second_factor"]
        help_texts = {
            "second_factor": gettext_lazy(
                "Who has none yet sees nothing of their work here until they set one up: an "
                "authenticator app or a security key."
            ),
        }


class ConductForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Code of conduct"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Markdown. A change is a new version: people are asked again."),
    )
