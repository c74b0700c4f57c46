from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.forms import BoundField
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from anomaly.datasets.actions import too_large
from anomaly.datasets.inspection import MOST_COLUMNS
from anomaly.datasets.models import Dataset


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Table"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty; choose another one."),
        },
    )

    def __init__(self, *args: Any, exceeded: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if exceeded:  # the file was not taken in, so it is missing
            self.fields["file"].error_messages["required"] = str(too_large())
        self.fields["file"].help_text = _(
            "CSV with one row a line, %(size)s and %(columns)d columns at most. Delimiter, "
            "encoding and decimal comma are found by themselves."
        ) % {"size": filesizeformat(settings.PODIUM_UPLOAD_BYTES), "columns": MOST_COLUMNS}


class SizeLimit(FileUploadHandler):
    """Stops taking bytes in as soon as there are too many, whatever the headers promised."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.taken, self.exceeded = 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > settings.PODIUM_UPLOAD_BYTES:
            self.exceeded = True
            raise StopUpload(connection_reset=False)  # the rest is read away, so we can answer
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers behind this one keep the file


class RolesForm(forms.Form):
    """One choice a column; fields are numbered, because people name columns as they like."""

    def __init__(self, *args: Any, dataset: Dataset, **options: Any) -> None:
        super().__init__(*args, **options)
        self.dataset = dataset
        for i, column in enumerate(dataset.columns):
            label = _("Role of %(column)s") % {"column": column["name"]}
            self.fields[f"role_{i}"] = forms.ChoiceField(
                label=label,
                choices=Dataset.Role.choices,
                initial=column["role"],
                widget=forms.Select(attrs={"aria-label": label}),
            )

    def rows(self) -> list[tuple[dict[str, Any], BoundField]]:
        return [(column, self[f"role_{i}"]) for i, column in enumerate(self.dataset.columns)]

    def roles(self) -> dict[str, str]:
        columns = enumerate(self.dataset.columns)
        return {column["name"]: self.cleaned_data[f"role_{i}"] for i, column in columns}
