from django import template

from notices import trail

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
def spaced(verb: str) -> str:
    return verb.replace("_", " ")
