from typing import Any

from django import forms
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.forms import BoundField
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from anomaly.datasets.actions import too_large
from anomaly.datasets.models import DataLimits, Dataset
from anomaly.detector.reading.formats import ENDINGS, PACKED

# On the form's own words for what the readers know by short names.
READ_AS = {
    "delimited": _("Text with delimiters (CSV, TSV)"),
    "jsonl": _("JSON Lines"),
    "arff": _("ARFF"),
    "parquet": _("Parquet"),
    "npy": _("NumPy array"),
    "npz": _("NumPy arrays"),
    "xlsx": _("Excel workbook"),
}
FOUND = ("", _("as found"))
DELIMITERS = [
    FOUND,
    (",", _("comma")),
    (";", _("semicolon")),
    ("\t", _("tab")),
    ("|", _("vertical bar")),
    (" ", _("space")),
]
QUOTES = [FOUND, ('"', _('double marks "')), ("'", _("single marks '")), ("none", _("nothing"))]
ENCODINGS = [
    FOUND,
    ("utf-8", "UTF-8"),
    ("cp1252", _("Western Europe (Windows-1252)")),
    ("cp1250", _("Central Europe (Windows-1250)")),
    ("cp1251", _("Cyrillic (Windows-1251)")),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
    ("shift_jis", _("Japanese (Shift JIS)")),
    ("gb18030", _("Chinese (GB 18030)")),
]
DECIMALS = [FOUND, (".", _("point: 1,234.5")), (",", _("comma: 1.234,5"))]
HEADERS = [FOUND, ("yes", _("holds the names")), ("no", _("is a row like the others"))]
DATES = [FOUND, ("day", _("day first: 31/12/2020")), ("month", _("month first: 12/31/2020"))]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Table"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(f".{ending}" for ending in (*ENDINGS, *PACKED))}
        ),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty; choose another one."),
        },
    )

    def __init__(
        self, *args: Any, limits: DataLimits, exceeded: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if exceeded:  # the file was not taken in, so it is missing
            self.fields["file"].error_messages["required"] = str(too_large(limits.file_bytes))
        self.fields["file"].help_text = _(
            "CSV, TSV, JSON Lines, Parquet, NPY, NPZ, XLSX or ARFF, also as .gz, .zst or .zip; "
            "%(size)s at most."
        ) % {"size": filesizeformat(limits.file_bytes)}


class SizeLimit(FileUploadHandler):
    """Stops taking bytes in as soon as there are too many, whatever the headers promised."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most, self.taken, self.exceeded = most, 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > self.most:
            self.exceeded = True
            raise StopUpload(connection_reset=False)  # the rest is read away, so we can answer
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers behind this one keep the file


class RolesForm(forms.Form):
    """What each column is for, and of which kind; fields are numbered, because people name columns
    as they like."""

    def __init__(self, *args: Any, dataset: Dataset, **options: Any) -> None:
        super().__init__(*args, **options)
        self.dataset = dataset
        for i, column in enumerate(dataset.columns):
            self._add(f"role_{i}", _("Role of %(column)s"), column, Dataset.Role.choices, "role")
            possible = column.get("could_be") or [column["kind"]]
            kinds = [(kind, label) for kind, label in Dataset.Kind.choices if kind in possible]
            self._add(f"kind_{i}", _("Kind of %(column)s"), column, kinds, "kind")
            self.fields[f"kind_{i}"].required = False  # a form of before, or of a program

    def _add(self, name: str, label: Any, column: dict[str, Any], choices: Any, key: str) -> None:
        words = label % {"column": column["name"]}
        self.fields[name] = forms.ChoiceField(
            label=words,
            choices=choices,
            initial=column[key],
            widget=forms.Select(attrs={"aria-label": words}),
        )

    def rows(self) -> list[tuple[dict[str, Any], BoundField, BoundField]]:
        columns = enumerate(self.dataset.columns)
        return [(column, self[f"role_{i}"], self[f"kind_{i}"]) for i, column in columns]

    def roles(self) -> dict[str, str]:
        columns = enumerate(self.dataset.columns)
        return {column["name"]: self.cleaned_data[f"role_{i}"] for i, column in columns}

    def kinds(self) -> dict[str, str]:
        columns = enumerate(self.dataset.columns)
        chosen = {column["name"]: self.cleaned_data[f"kind_{i}"] for i, column in columns}
        return {name: kind for name, kind in chosen.items() if kind}


class ReadingForm(forms.Form):
    """How the file is to be read; what is left as found is found again."""

    delimiter = forms.ChoiceField(label=_("Cells are parted by"), choices=DELIMITERS)
    quote = forms.ChoiceField(label=_("Cells are quoted by"), choices=QUOTES)
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=DECIMALS)
    header = forms.ChoiceField(label=_("The first line"), choices=HEADERS)
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS)
    dates = forms.ChoiceField(label=_("Dates like 01/02/2020"), choices=DATES)
    sheet = forms.ChoiceField(label=_("Sheet"))

    # What can be said of a kind of file.
    FIELDS = {
        "delimited": ("delimiter", "quote", "decimal", "header", "encoding", "dates"),
        "jsonl": ("encoding", "dates"),
        "arff": ("encoding", "dates"),
        "xlsx": ("sheet", "decimal", "dates"),
        "parquet": ("dates",),
    }

    def __init__(self, *args: Any, dataset: Dataset, **options: Any) -> None:
        super().__init__(*args, **(options | {"prefix": "reading", "initial": dataset.told}))
        found = dataset.profile.get("reading", {})
        kept = self.FIELDS.get(found.get("format") or dataset.format, ())
        self.fields = {name: self.fields[name] for name in kept}
        if "sheet" in self.fields:
            sheets = [(sheet, sheet) for sheet in found.get("sheets", [])]
            self.fields["sheet"].choices = [FOUND, *sheets]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.required = False

    def told(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class LimitsForm(forms.ModelForm):
    class Meta:
        model = DataLimits
        fields = [
            "file_mib",
            "unpacked_mib",
            "ratio",
            "rows",
            "columns",
            "cell_length",
            "datasets",
        ]
