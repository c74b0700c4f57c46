"""A person's mail goes with them; of the audit trail the facts stay, and nothing they tell."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from notices.models import AuditEntry, Mail, Unsubscribed


def addresses(user: User) -> list[str]:
    known = user.emailaddress_set.values_list("email", flat=True)  # type: ignore[attr-defined]
    return [user.email, *known]


def collect(user: User) -> list[Any]:
    """Optional mail they want no more; mails and entries of the trail stand under "account"."""
    found = Unsubscribed.objects.filter(address__in=addresses(user))
    return list(found.values("address", "event", "at"))


def erase(user: User) -> None:
    known = Q()
    for address in addresses(user):
        known |= Q(address__iexact=address)
    Mail.objects.filter(Q(recipient=user) | known).delete()
    Unsubscribed.objects.filter(known).delete()
    own = Q(actor=user) | Q(thing="accounts.user", thing_id=str(user.pk))
    AuditEntry.objects.filter(own).erase()
