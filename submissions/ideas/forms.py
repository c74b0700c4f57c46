"""An idea as its mentors and organizers write it: the text, the mentors in order, the links."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event, Role
from submissions.entries.forms import WebAddressField
from submissions.entries.links import allowed_address
from submissions.entries.models import Submission
from submissions.ideas.actions import PLAIN
from submissions.ideas.models import Idea, Mentor, Resource


class IdeaForm(forms.ModelForm):
    class Meta:
        model = Idea
        fields = list(PLAIN)
        widgets = {
            "description": forms.Textarea(attrs={"rows": 10}),
            "outcomes": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "description": _("In Markdown: what is to be done, and why. Several tasks are a list."),
            "outcomes": _("In Markdown: what is there when the work is done."),
            "required_skills": _("With commas between them."),
            "recommended_skills": _("With commas between them."),
            "position": _("Ideas stand in the list by this number."),
        }


class MentorForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    link = WebAddressField(
        label=_("Link"), required=False, max_length=500, validators=[allowed_address]
    )
    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Account"),
        required=False,
        empty_label=_("none"),
        help_text=_("Edits this idea, gets its questions, reads its proposals."),
    )

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = (Role.Kind.MENTOR, *Role.RUNNING)
        helping = Role.objects.filter(event=event, kind__in=kinds).values("user_id")
        self.fields["user"].queryset = User.objects.filter(pk__in=helping).order_by("name")  # type: ignore[attr-defined]


class ResourceForm(forms.Form):
    label = forms.CharField(label=_("Label"), required=False, max_length=120)
    address = WebAddressField(label=_("Web address"), max_length=500, validators=[allowed_address])


MentorForms = forms.formset_factory(MentorForm, extra=2, max_num=Mentor.MOST, can_delete=True)
ResourceForms = forms.formset_factory(ResourceForm, extra=2, max_num=Resource.MOST, can_delete=True)


def rows(formset: Any) -> list[dict[str, Any]]:
    """What was filled in and not struck out, in order."""
    told = [form.cleaned_data for form in formset if form.cleaned_data]
    return [
        {name: value for name, value in one.items() if name != "DELETE"}
        for one in told
        if not one.get("DELETE")
    ]


class ChoiceForm(forms.Form):
    idea = forms.ModelChoiceField(
        Idea.objects.none(),
        label=_("This proposal is for"),
        required=False,
        empty_label=_("an idea of my own"),
    )

    def __init__(self, *args: Any, submission: Submission, **options: Any) -> None:
        super().__init__(*args, **options)
        found = Idea.objects.published().filter(event_id=submission.event_id)
        self.fields["idea"].queryset = found  # type: ignore[attr-defined]
