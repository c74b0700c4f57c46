"""Optional mail can be unsubscribed by a link of its own, without signing in (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse

from notices.models import Mail, Unsubscribed

SALT = "notices.unsubscribe"


def wanted_no_more(address: str, event: str) -> bool:
    found = Unsubscribed.objects.filter(address__iexact=address)
    return found.filter(Q(event=event) | Q(event="")).exists()


def unsubscribed_addresses(event: str) -> QuerySet[Unsubscribed, str]:
    found = Unsubscribed.objects.filter(Q(event=event) | Q(event=""))
    return found.values_list("address", flat=True)


def unsubscribe(address: str, event: str) -> None:
    row = Unsubscribed(address=address, event=event)
    Unsubscribed.objects.bulk_create([row], ignore_conflicts=True)


def path(address: str, event: str) -> str:
    return reverse("notices:unsubscribe", args=[signing.dumps([address, event], salt=SALT)])


def meant(token: str) -> tuple[str, str]:
    """Address and event of a link; signing.BadSignature if we did not make it. It never expires."""
    address, event = signing.loads(token, salt=SALT)
    return address, event


def headers(mail: Mail) -> dict[str, str]:
    """What lets a mail program offer the button."""
    if not mail.optional:
        return {}
    address = settings.PODIUM_ADDRESS + path(mail.address, mail.event)
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
