from django import template
from django.utils.safestring import SafeString, mark_safe

from notices import trail
from theme.markdown import clean

register = template.Library()
register.filter("kind", trail.kind)
register.filter("told", trail.told)


@register.filter
def tone(state: str) -> str:
    """The badge's colour for a state."""
    tones = {"sent": "good", "failed": "bad", "unknown": "warn", "posted": "good"}
    tones |= {"queued": "info", "sending": "info", "draft": "info"}
    return f"badge--{tones[state]}" if state in tones else ""


@register.filter
def as_read(html: str) -> SafeString:
    """What stands in a mail's HTML, to be shown within a page of ours."""
    body = html.partition("<main>")[2].rpartition("</main>")[0]
    return mark_safe(clean(body))  # noqa: S308 - cleaned in this very line


@register.filter
def spaced(verb: str) -> str:
    return verb.replace("_", " ")
