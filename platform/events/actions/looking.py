"""A site administrator looks into an event that is not theirs (reliability, section 4, i)."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, Role
from notices.actions import post, record
from notices.models import AuditEntry
from theme.refusal import Refused

FOR = timedelta(minutes=15)
VERB = "look_into"
SHORTEST = 10  # letters of a reason


@transaction.atomic
def look_into(user: User, event: Event, *, reason: str) -> AuditEntry:
    """The entry of the event's history is the permission: it names who and why, cannot be taken
    out again, and is good for a quarter of an hour. The event's owners are told by mail."""
    if not rules.can_look_into(user):
        raise Refused(_("Only administrators of the site look into events."), code="look.not_yours")
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST:
        raise Refused(_("Say in a sentence why; the owners read it."), code="look.no_reason")
    entry = record(user, VERB, event, reason=reason)
    for role in event.roles.filter(kind=Role.Kind.OWNER).select_related("user"):
        post(
            role.user,
            "events/mail/looked_into",
            cause=f"look:{entry.pk}",
            event=event,
            who=str(user),
            reason=reason,
            minutes=FOR.seconds // 60,
        )
    return entry


def looked_into(user: User, entry: int | None) -> Event | None:
    """The event that this entry lets the administrator read now, by the clock of the database."""
    if entry is None or not rules.can_look_into(user):
        return None
    given = AuditEntry.objects.filter(pk=entry, actor=user, verb=VERB, at__gt=Now() - FOR)
    key = given.values_list("thing_id", flat=True).first()
    return Event.objects.filter(pk=key).first() if key else None
