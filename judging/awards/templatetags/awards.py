from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A probability as people read it; never a certainty that a model cannot have."""
    if 0 < share < 0.01 or share == 0:
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{number_format(100 * share, 0)} %"


@register.filter
def signed(value: float) -> str:
    """Two decimals, with plus or a true minus."""
    return ("−" if value < 0 else "+") + number_format(abs(value), 2)


@register.filter
def size(value: float) -> float:
    """The number without its sign, rounded to what a score sheet can tell apart."""
    return round(abs(value), 1)
