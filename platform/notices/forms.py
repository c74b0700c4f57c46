from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from notices import audiences
from notices.models import Campaign, Mail, Wording
from notices.posting import Occasion


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Mail.State.choices]
    )
    q = forms.CharField(label=_("Address or subject"), required=False, max_length=200)


class AuditFilter(forms.Form):
    who = forms.CharField(label=_("Who"), required=False, max_length=200)
    verb = forms.CharField(label=_("What"), required=False, max_length=60)
    thing = forms.CharField(label=_("Kind of thing"), required=False, max_length=60)
    id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    since = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class CampaignForm(forms.ModelForm):
    groups = forms.MultipleChoiceField(
        label=_("To"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody in at least one of these, once."),
    )

    class Meta:
        model = Campaign
        fields = ["groups", "subject", "text"]
        help_texts = {
            "text": _(
                "Markdown. {name}, {event_name} and {event_url} are filled in for each person."
            )
        }

    def __init__(self, *args: Any, event: Occasion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sizes = [(group, group.people.count()) for group in audiences.groups(event)]
        choices = [(group.key, f"{group.label} ({size})") for group, size in sizes if size]
        self.fields["groups"] = forms.MultipleChoiceField(
            label=self.fields["groups"].label,
            help_text=self.fields["groups"].help_text,
            widget=forms.CheckboxSelectMultiple,
            choices=choices,
        )


class WordingForm(forms.ModelForm):
    class Meta:
        model = Wording
        fields = ["subject", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 14})}


class WebhookForm(forms.Form):
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https://…, on the open internet; it gets each change as a JSON message."),
        widget=forms.URLInput,
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        schemes = ["https", "http"] if settings.PODIUM_WEBHOOKS_INSIDE else ["https"]
        sentence = _("Write the whole address, beginning with https://.")
        URLValidator(schemes=schemes, message=sentence)(address)
        if urlsplit(address).username:
            raise ValidationError(_("Write the address without a name and password."))
        return address
