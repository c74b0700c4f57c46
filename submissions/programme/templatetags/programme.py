from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format

from submissions.programme.facts import sentences

register = template.Library()


@register.filter
def clock(moment: datetime) -> str:
    """Hours and minutes in the zone that the moment has; Django's own filter would change it."""
    return f"{moment:%H:%M}"


@register.filter
def day_and_clock(moment: datetime) -> str:
    return f"{date_format(moment.replace(tzinfo=None), 'j M')}, {moment:%H:%M}"


@register.filter
def naive(moment: datetime) -> str:
    """As a form sends it: 2021-12-01T15:30."""
    return f"{moment:%Y-%m-%dT%H:%M}"


@register.filter
def share(part: float, whole: float) -> int:
    return round(100 * part / whole) if whole else 0


@register.filter
def half(number: float) -> float:
    return round(float(number) / 2, 1)


@register.filter
def unlocalized(number: float) -> str:
    """A number as SVG wants it."""
    return f"{number:.1f}"


@register.filter
def baseline(run: list[float]) -> str:
    """Where the text of a run [x, y, width, height, …] stands: a fifth of it hangs below."""
    return f"{run[1] + 0.8 * run[3]:.1f}"


@register.filter
def in_words(different: dict[str, Any]) -> list[str]:
    """What else than its place is different in a version of the schedule."""
    return sentences(different)
