"""How often a wrong code may be tried (B68)."""

from django.core.cache import cache
from django.utils.translation import gettext as _

from theme.refusal import Refused

TRIES = 10
SECONDS = 3600


def refuse_after_many(*who: str) -> None:
    """Raises Refused once one of those (an account, an address) has tried too often."""
    if any(cache.get(_key(one), 0) >= TRIES for one in who):
        raise Refused(
            _("Too many wrong codes. Check your mail for the link, or try again in an hour."),
            code="invite.too_many",
        )


def count_wrong(*who: str) -> None:
    for one in who:
        cache.add(_key(one), 0, SECONDS)
        try:
            cache.incr(_key(one))
        except ValueError:  # it ran out between the two lines
            cache.set(_key(one), 1, SECONDS)


def _key(who: str) -> str:
    return f"events.wrong_code.{who}"
