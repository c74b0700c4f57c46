from django import forms

from events.models import Team


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name"]
