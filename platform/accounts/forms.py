from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


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


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "affiliation", "timezone"]
        help_texts = {"timezone": _("Times on every page are shown in this zone, as Europe/Oslo.")}
