"""The audit trail (who did what to what, and when) and the outbox of mail."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

LOST = timedelta(minutes=10)  # in flight for so long: whoever sent it is dead


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def of_event(self, slug: str) -> "AuditQuerySet":
        return self.filter(event=slug)

    def erase(self) -> None:
        """The one change that the database allows: what is told goes, that it happened stays."""
        self.update(details=AuditEntry.ERASED, origin="")


class AuditEntry(models.Model):
    """One change of state. Entries are only ever added; the database refuses the rest (I8)."""

    ERASED = {"erased": True}

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=40)
    event = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=45, blank=True, db_default="")  # network address

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["thing", "thing_id"]),
            models.Index(fields=["event", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing} {self.thing_id}"

    @classmethod
    def erase_mentions(cls, keys: Iterable[int]) -> None:
        """What entries tell of somebody who wants to be forgotten (accounts.traces)."""
        cls.objects.filter(pk__in=list(keys)).erase()


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> "MailQuerySet":
        """To be sent now, by the clock of the database."""
        return self.filter(state=Mail.State.QUEUED, not_before__lte=Now())

    def lost(self) -> "MailQuerySet":
        """Their sender died on the way: they may have arrived, or not (I6)."""
        return self.filter(state=Mail.State.SENDING, claimed_at__lt=Now() - LOST)

    def of_event(self, slug: str) -> "MailQuerySet":
        return self.filter(event=slug)


class Mail(models.Model):
    """One message to one person, written in the transaction of its cause and sent later."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Sent or not: unknown")
        STOPPED = "stopped", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = models.EmailField(_("address"))
    event = models.CharField(max_length=80, blank=True)
    template = models.CharField(max_length=120)
    cause = models.CharField(max_length=200)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    optional = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)  # has a secret: erased as soon as it is sent
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=400, blank=True)
    not_before = models.DateTimeField(db_default=Now())
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "id"]
        constraints = [
            models.UniqueConstraint(Lower("address"), "cause", name="one_mail_a_person_and_cause"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="queued"), name="mail_due"),
            models.Index(fields=["event", "-queued_at"], name="mail_of_event"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a repeated message can be told as one."""
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        return f"<{self.pk}@{domain}>"

    def as_message(self, headers: dict[str, str]) -> EmailMultiAlternatives:
        own = {"Message-ID": self.message_id, "Auto-Submitted": "auto-generated"}
        message = EmailMultiAlternatives(
            self.subject, self.text, to=[self.address], headers=own | headers
        )
        if self.html:
            message.attach_alternative(self.html, "text/html")
        return message


class Unsubscribed(models.Model):
    """An address that wants no optional mail of an event; of no event at all, if that is empty."""

    address = models.EmailField()
    event = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("address"), "event", name="unsubscribed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.event or '*'}"


class Wording(models.Model):
    """How an event words a mail, instead of the template that comes with the site."""

    event = models.CharField(max_length=80)
    template = models.CharField(max_length=120)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=20_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "template"], name="one_wording_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.template}"


class Campaign(models.Model):
    """A mail to many: first a draft that shows exactly whom it goes to."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        POSTED = "posted", _("Posted")
        STOPPED = "stopped", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=80)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=20_000)
    groups = models.JSONField(_("to"), default=list)  # keys of notices.audiences
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    posted_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1)  # grows with every save of the draft

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["event", "-created_at"], name="campaign_of_event")]

    def __str__(self) -> str:
        return self.subject

    @property
    def cause(self) -> str:
        """One mail a person, however often it is posted (F39)."""
        return f"campaign:{self.pk}"


class Webhook(models.Model):
    """An address that is told what happens in an event (notices.ringing)."""

    event = models.CharField(max_length=80)
    address = models.URLField(_("address"), max_length=500)
    secret = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["event"], name="webhook_of_event")]

    def __str__(self) -> str:
        return self.address


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.QUEUED, not_before__lte=Now())

    def of_event(self, slug: str) -> "DeliveryQuerySet":
        return self.filter(webhook__event=slug)


class Delivery(models.Model):
    """One telling of one change to one webhook; its body never changes."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Arrived")
        FAILED = "failed", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    verb = models.CharField(max_length=60)
    body = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=400, blank=True)
    not_before = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="queued"), name="delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} ({self.get_state_display()})"
