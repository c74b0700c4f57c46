import zoneinfo
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Token, User, countries

LINKS = 5


def country_choices() -> list[tuple[str, str]]:
    return [("", "–"), *countries().items()]


class SignupForm(forms.Form):
    """What we ask beside address and password when somebody signs up."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your team and the judges shall see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class TokenForm(forms.ModelForm):
    days = forms.TypedChoiceField(
        label=_("It works for"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )

    class Meta:
        model = Token
        fields = ["name", "event", "days"]
        help_texts = {
            "event": _("As it stands in the address: “summer-hackathon”. Empty: for all of yours."),
        }


class ProfileForm(forms.ModelForm):
    country = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices)
    links = forms.CharField(
        label=_("Links"),
        required=False,
        help_text=_("Your pages elsewhere, one address in a line, five at most."),
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "url"}),
    )

    class Meta:
        model = User
        fields = ["name", "affiliation", "country", "timezone", "links"]
        help_texts = {"timezone": _("Times on every page are shown in this zone, as Europe/Oslo.")}
        widgets = {"timezone": forms.TextInput(attrs={"list": "zones"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["links"] = "\n".join(self.instance.links)

    @property
    def zones(self) -> list[str]:
        """For the browser's own completion while typing."""
        return sorted(zoneinfo.available_timezones())

    def clean_links(self) -> list[str]:
        links = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(links) > LINKS:
            raise forms.ValidationError(_("Five links at most."))
        check = URLValidator(schemes=["https", "http"])
        for link in links:
            try:
                check(link)
            except forms.ValidationError:
                message = _("“%(link)s” is no address of a page. It begins with https://")
                raise forms.ValidationError(message, params={"link": link[:80]}) from None
        return links


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG, WebP or GIF. It is cut to a square and made small."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )


class EraseForm(forms.Form):
    """Typing the own address is the second thought."""

    address = forms.CharField(label=_("Your e-mail address, to confirm"))

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address.strip().lower() != self.account.email.lower():
            raise forms.ValidationError(_("That is not the address of this account."))
        return address
