from django import template
from django.utils.safestring import SafeString, mark_safe

from theme.markdown import render

register = template.Library()


@register.filter
def markdown(source: str) -> SafeString:
    """Safe HTML of text that people wrote in Markdown."""
    return mark_safe(render(source))  # noqa: S308 - nh3 has cleaned it
