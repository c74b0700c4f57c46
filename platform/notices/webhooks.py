"""What organizers do with webhooks. The page finds the event for those who run it (occasions)."""

import secrets

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import record
from notices.models import Delivery, Webhook
from notices.posting import Occasion
from theme.refusal import Refused

MOST = 10  # of one event


@transaction.atomic
def add_webhook(user: User, occasion: Occasion, *, address: str) -> Webhook:
    """Its secret is made here and shown once."""
    if Webhook.objects.filter(event=occasion.slug).count() >= MOST:
        raise Refused(_("This event has very many webhooks; remove one first."), code="too_many")
    secret = secrets.token_urlsafe(32)
    made = Webhook.objects.create(
        event=occasion.slug, address=address, secret=secret, created_by=user
    )
    record(user, "add_webhook", made, address=address)
    return made


@transaction.atomic
def remove_webhook(user: User, webhook: Webhook) -> None:
    """With its log; nothing more is sent."""
    record(user, "remove_webhook", webhook, address=webhook.address)
    webhook.delete()


@transaction.atomic
def try_webhook(user: User, webhook: Webhook) -> None:
    """Sends what happens now: that somebody tried it."""
    record(user, "try_webhook", webhook)


@transaction.atomic
def deliver_again(user: User, delivery: Delivery) -> None:
    """With the attempts of a new one; the receiver knows it by its number."""
    again = {"state": Delivery.State.QUEUED, "attempts": 0, "not_before": Now(), "trouble": ""}
    Delivery.objects.filter(pk=delivery.pk).update(**again)
    record(user, "deliver_again", delivery.webhook)
