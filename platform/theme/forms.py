"""How every form of the site looks: `{{ form }}` puts label, help, input and error together."""

from __future__ import annotations

from django import forms
from django.forms.renderers import DjangoTemplates


class FormRenderer(DjangoTemplates):
    """Set as FORM_RENDERER. Adds the error summary, and the error beside its field."""

    form_template_name = "theme/forms/form.html"
    field_template_name = "theme/forms/field.html"


class ScorePad(forms.RadioSelect):
    """A row of big radio buttons for a short scale; arrow keys and digits choose.

    Choices are `(value, word)`: the value is shown large and the word small below it.
    """

    template_name = "theme/forms/scorepad.html"
