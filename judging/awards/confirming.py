"""The second pair of eyes, and publication at a time."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.awards import rules, winners
from judging.awards.models import Confirmation, Release
from judging.awards.standings import standings
from judging.panel.models import panel_of
from notices.actions import record
from theme.refusal import Refused


def state_of(event: Event, input_hash: str) -> str:
    """The hash of the ballots and of all places and prizes: what a confirmation is about."""
    told = json.dumps([input_hash, winners.snapshot(event)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


@transaction.atomic
def confirm(user: User, event: Event) -> Confirmation:
    """A second organizer has looked at ballots and places as they are now; each change voids it."""
    if not rules.can_confirm(user, event):
        raise Refused(
            _("You cannot confirm these results: you are no organizer, judge yourself, or have an "
              "interest in a category."),
            code="confirmation.not_yours",
        )  # fmt: skip
    if rules.is_published(event):
        raise Refused(_("The results are published already."), code="awards.published")
    state = state_of(event, standings(event).input_hash)
    made, created = Confirmation.objects.get_or_create(event=event, by=user, state=state)
    if created:
        record(user, "confirm_results", event, state=state)
    return made


def confirmations(event: Event, input_hash: str) -> list[Confirmation]:
    """Those of the state as it is now."""
    found = event.confirmations.filter(state=state_of(event, input_hash))
    return list(found.select_related("by").order_by("pk"))


def refuse_unconfirmed(user: User, event: Event, input_hash: str) -> None:
    if not panel_of(event).second_organizer:
        return
    if not any(c.by_id != user.pk for c in confirmations(event, input_hash)):
        raise Refused(
            _("A second organizer has to confirm these results first, on this page; a change since "
              "the last confirmation voids it."),
            code="awards.unconfirmed",
        )  # fmt: skip


@transaction.atomic
def schedule(user: User, event: Event, *, at: datetime) -> Release:
    """Publishes by itself at that time, if it can be published then."""
    if not rules.can_publish(user, event):
        raise Refused(_("Only the owner of the event publishes results."), code="awards.not_yours")
    if rules.is_published(event):
        raise Refused(_("The results are published already."), code="awards.published")
    if at <= timezone.now():
        raise Refused(_("Choose a time to come."), code="release.past")
    told = {"at": at, "by": user, "refused": ""}
    made, _created = Release.objects.update_or_create(event=event, defaults=told)
    record(user, "schedule_release", event, at=at.isoformat())
    return made


@transaction.atomic
def cancel(user: User, event: Event) -> None:
    if not rules.can_publish(user, event):
        raise Refused(_("Only the owner of the event publishes results."), code="awards.not_yours")
    Release.objects.filter(event=event).delete()
    record(user, "cancel_release", event)


def release_due() -> None:
    """A round: publishes what is due; a refusal is kept and shown, and not tried again."""
    from judging.awards.actions import publish

    due = Release.objects.filter(at__lte=Now(), refused="").select_related("event", "by")
    for release in due:
        try:
            publish(release.by, release.event, confirmed=True)
        except Refused as refused:
            found = Release.objects.filter(pk=release.pk, refused="")
            found.update(refused=str(refused)[:500])
