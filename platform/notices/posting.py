"""Writing a mail into the outbox, in the transaction of its cause."""

from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User
from notices import letters, wordings
from notices.models import Mail, Wording
from notices.unsubscribing import wanted_no_more


class Occasion(Protocol):
    """An event, of which this room knows no more."""

    slug: str
    name: str

    def get_absolute_url(self) -> str: ...


def post(
    to: User | str,
    template: str,
    *,
    cause: str,
    event: Occasion | None = None,
    optional: bool = False,
    **facts: Any,
) -> Mail | None:
    """Queues one mail; nothing is sent if the caller's transaction is rolled back (F41).

    `template` names a file `<template>.txt`, see notices.letters. `cause` says what happened
    ("receipt:17"): a person gets one mail for it, and a second call returns None. So it does for a
    deactivated account, an address that is none, and optional mail that somebody unsubscribed.
    Templates also know `name` (of the recipient), `event_name`, `event_url` and `site`.
    """
    address, person = (to.email, to) if isinstance(to, User) else (to.strip(), None)
    slug = event.slug if event else ""
    if not reachable(address, person) or (optional and wanted_no_more(address, slug)):
        return None
    letter = write(template, slug, usual_facts(person, event) | facts)
    return queue(
        address,
        letter,
        recipient=person,
        event=slug,
        template=template,
        cause=cause,
        optional=optional,
    )


def write(template: str, event: str, facts: dict[str, Any]) -> letters.Letter:
    """In the event's own words, if it has any, else in the site's."""
    own = Wording.objects.filter(event=event, template=template).first() if event else None
    if own is None:
        return letters.write(template, facts)
    return wordings.write(own.subject, own.text, facts)


def queue(address: str, letter: letters.Letter, *, cause: str, **fields: Any) -> Mail | None:
    """The row; None if this address has one for this cause already."""
    content = {"subject": letter.subject, "text": letter.text, "html": letter.html}
    mail = Mail(address=address, cause=cause, **content, **fields)
    Mail.objects.bulk_create([mail], ignore_conflicts=True)  # the other one may be just committed
    return Mail.objects.filter(pk=mail.pk).first()


def usual_facts(person: User | None, event: Occasion | None) -> dict[str, Any]:
    return {
        "name": str(person) if person else "",
        "event_name": event.name if event else "",
        "event_url": event.get_absolute_url() if event else "",
        "site_url": settings.PODIUM_ADDRESS,
    }


def reachable(address: str, person: User | None) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return person is None or person.is_active
