"""Webhooks: what happens in an event is told to other programs, at least once, signed.

A row of `Delivery` is written in the transaction of its cause, beside the entry of the history. It
tells what happened to which thing and nothing of its content; who wants more asks with a token.
The signature is `Podium-Signature: t=<seconds>,v1=<HMAC-SHA-256 of "<seconds>.<body>">` with the
webhook's secret; `Podium-Delivery` is the same at every attempt.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from notices import outside
from notices.models import AuditEntry, Delivery, Webhook

ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds; each attempt waits twice as long as the one before
A_ROUND = 5  # deliveries; then it is the mail's turn again
State = Delivery.State


def ring(entry: AuditEntry) -> None:
    """Called for every entry of the history, in its transaction."""
    if not entry.event:
        return
    body = {
        "id": entry.pk,
        "at": timezone.now().isoformat(),
        "event": entry.event,
        "verb": entry.verb,
        "thing": entry.thing,
        "thing_id": entry.thing_id,
    }
    hooks = Webhook.objects.filter(event=entry.event)
    rows = [Delivery(webhook=hook, verb=entry.verb, body=body) for hook in hooks]
    Delivery.objects.bulk_create(rows)


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delivers a few of what is due; returns how many arrived."""
    arrived = 0
    for _turn in range(A_ROUND):
        delivery = None if stopped() else claim()
        if delivery is None:
            break
        arrived += deliver(delivery)
    return arrived


def claim() -> Delivery | None:
    """The longest waiting one; its next attempt is set at once, should this sender die."""
    with transaction.atomic():
        due = Delivery.objects.due().order_by("not_before").select_for_update(skip_locked=True)
        delivery = due.first()
        if delivery is None:
            return None
        wait = min(FIRST_WAIT * 2**delivery.attempts, LONGEST_WAIT)
        mine = Delivery.objects.due().filter(pk=delivery.pk, attempts=delivery.attempts)
        changed = mine.update(
            attempts=F("attempts") + 1, not_before=Now() + timedelta(seconds=wait)
        )
    delivery.attempts += 1
    return delivery if changed else None


def deliver(delivery: Delivery) -> bool:
    body = json.dumps(delivery.body, separators=(",", ":")).encode()
    try:
        status = outside.post(delivery.webhook.address, body, _headers(delivery, body))
    except (OSError, HTTPException, ValueError) as error:
        return _settle(delivery, f"{type(error).__name__}: {error}")
    return _settle(delivery, "" if 200 <= status < 300 else f"HTTP {status}")


def _headers(delivery: Delivery, body: bytes) -> dict[str, str]:
    now = int(time.time())
    signature = sign(delivery.webhook.secret, now, body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Podium",
        "Podium-Delivery": str(delivery.pk),
        "Podium-Signature": f"t={now},v1={signature}",
    }


def sign(secret: str, now: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()


def _settle(delivery: Delivery, trouble: str) -> bool:
    given_up = delivery.attempts >= ATTEMPTS
    state = State.FAILED if trouble and given_up else State.QUEUED if trouble else State.SENT
    changes: dict[str, object] = {"state": state, "trouble": trouble[:400]}
    if state == State.SENT:
        changes["sent_at"] = Now()
    Delivery.objects.filter(pk=delivery.pk, state=State.QUEUED).update(**changes)
    return state == State.SENT
