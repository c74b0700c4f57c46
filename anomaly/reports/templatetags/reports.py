from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.05 becomes “5 %”, with a space that does not break."""
    return f"{100 * share:g}\N{NO-BREAK SPACE}%"


@register.filter
def figures(number: float | None, digits: int = 3) -> str:
    """A number in so many significant figures."""
    return "–" if number is None else f"{number:.{digits}g}"


@register.filter
def percent_of_whole(share: float) -> str:
    """0.414 becomes “41 %”."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
