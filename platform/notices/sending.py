"""The sender: takes one mail after the other out of the outbox; any number may run at once.

A mail is marked `sending` and committed before anything goes over the wire, and `sent` after. A
sender that dies between the two leaves one mail of which nobody knows whether it arrived: it
becomes `unknown` and waits for a person, because nobody shall get a mail twice (I6, F40). Only what
certainly was not accepted is tried again.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from notices import unsubscribing
from notices.models import Mail

ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds; each attempt waits twice as long as the one before
State = Mail.State

logger = logging.getLogger(__name__)


class Unreachable(Exception):
    """The mail server does not answer. No mail was touched."""


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Sends what is due and returns how many were sent. Raises Unreachable."""
    sent, connection = 0, get_connection()
    try:
        while not stopped() and Mail.objects.due().exists():
            reach(connection)
            mail = claim()
            if mail is not None:
                sent += deliver(mail, connection)
    finally:
        hang_up(connection)
    return sent


def reach(connection: BaseEmailBackend) -> None:
    """Before a mail is claimed: a server that is away costs no mail an attempt."""
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors
        trouble = _("The mail server cannot be reached: %(error)s") % {"error": error}
        Mail.objects.due().exclude(trouble=trouble[:400]).update(trouble=trouble[:400])
        raise Unreachable(trouble) from error


def claim() -> Mail | None:
    """Takes the longest waiting mail; two senders never take the same one."""
    with transaction.atomic():
        due = Mail.objects.due().order_by("not_before", "pk").select_for_update(skip_locked=True)
        mail = due.first()
        if mail is None:
            return None
        free = Mail.objects.filter(pk=mail.pk, state=State.QUEUED)
        mine = free.update(state=State.SENDING, claimed_at=Now(), attempts=F("attempts") + 1)
    mail.attempts += 1
    return mail if mine else None


def deliver(mail: Mail, connection: BaseEmailBackend) -> bool:
    if mail.optional and unsubscribing.wanted_no_more(mail.address, mail.event):
        settle(mail, State.STOPPED, _("Unsubscribed before it was sent."))
        return False
    try:
        connection.send_messages([mail.as_message(unsubscribing.headers(mail))])
    except Exception as error:
        hang_up(connection)
        after_trouble(mail, error)
        return False
    settle(mail, State.SENT, "")
    return True


def after_trouble(mail: Mail, error: Exception) -> None:
    state = outcome(error)
    if state == State.QUEUED and mail.attempts >= ATTEMPTS:
        state = State.FAILED
    if state != State.QUEUED:
        logger.warning("mail %s is %s: %s", mail.pk, state, error)
    settle(mail, state, f"{type(error).__name__}: {error}")


def outcome(error: Exception) -> Mail.State:
    """What is certain after this error: refused for now, refused for good, or nothing."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _reply in error.recipients.values()]
    elif isinstance(error, SMTPResponseException):
        codes = [error.smtp_code]
    elif isinstance(error, ValueError | SMTPNotSupportedError):
        return State.FAILED  # the message could not be written down, so it did not leave
    else:
        return _at_a_provider(getattr(error, "status_code", None))
    return State.QUEUED if all(400 <= code < 500 for code in codes) else State.FAILED


def _at_a_provider(status: int | None) -> Mail.State:
    """By the HTTP status that django-anymail tells; without one, the connection broke."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return State.QUEUED
    return State.FAILED if status and 400 <= status < 500 else State.UNKNOWN


def settle(mail: Mail, state: Mail.State, trouble: str) -> None:
    """Writes the end of an attempt, also when it came so late that it was marked as lost."""
    ours = Mail.objects.filter(pk=mail.pk, state__in=[State.SENDING, State.UNKNOWN])
    changes: dict[str, object] = {"state": state, "trouble": trouble[:400]}
    if state == State.SENT:
        changes["sent_at"] = Now()
        if mail.confidential:
            changes |= {"text": "", "html": ""}
    if state == State.QUEUED:
        wait = min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
        changes["not_before"] = Now() + timedelta(seconds=wait)
    ours.update(**changes)


def mark_lost() -> None:
    """One of the rounds of `manage.py sweep`: what was in flight when its sender died."""
    trouble = _("Its sender died on the way. Ask the person, or send it again by hand.")
    Mail.objects.lost().update(state=State.UNKNOWN, trouble=trouble)


def hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        logger.info("the mail server did not say goodbye: %s", error)
