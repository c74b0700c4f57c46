"""Fields and widgets of the forms here."""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms


class SpanField(forms.IntegerField):
    """A duration, typed as a number of `unit`s."""

    def __init__(self, *, unit: timedelta, **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value // self.unit if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> timedelta | None:
        number = super().clean(value)
        return None if number is None else number * self.unit


class Moment(forms.DateTimeInput):
    """The browser's own picker of a day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Colour(forms.TextInput):
    input_type = "color"


def zones() -> list[tuple[str, str]]:
    """By continent and city, and UTC; not the many old names."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())
    real = [zone for zone in named if not zone.startswith(("Etc/", "SystemV/", "US/"))]
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *real]]
