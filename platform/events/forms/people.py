"""What organizers fill in about people, and teams about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.forms.fields import Moment
from events.models import Event, Invitation, Role, Seeker, Team, Track


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
