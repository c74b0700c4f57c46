"""The page that remains: begun when the event ends, written by the organizers, then public."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import recap as numbers
from submissions.programme import rules
from submissions.programme.actions import letters
from submissions.programme.models import Feedback, Recap, Slot
from theme.refusal import Refused


def _held(user: User, event: Event) -> Recap:
    if not rules.can_edit(user, event):
        raise Refused(_("Only organizers write the recap."), code="recap.not_yours")
    made, _created = Recap.objects.get_or_create(event=event)
    return Recap.objects.select_for_update().get(pk=made.pk)


def begin_for_ended_events() -> None:
    """A round of the sweep: an event whose last session is over gets its recap, once, and those
    who took part are asked how it was."""
    over = (
        Slot.objects.current()
        .filter(version__event__recap=None)
        .values("version__event")
        .annotate(last=Max("ends_at"))
        .filter(last__lt=timezone.now())
    )
    for event in Event.objects.filter(pk__in=over.values("version__event")):
        with transaction.atomic():
            recap, created = Recap.objects.get_or_create(event=event)
            if created:
                record(None, "begin_recap", recap)
                letters.ask_for_feedback(event)


@transaction.atomic
def write(user: User, event: Event, *, prose: str, quotes: Iterable[Feedback] = ()) -> Recap:
    """The text, and the comments to quote; only those whose writers consented."""
    recap = _held(user, event)
    chosen = list(quotes)
    if any(not f.may_quote or f.event_id != event.pk for f in chosen):
        raise Refused(_("Only comments with consent can be quoted."), code="recap.no_consent")
    recap.prose = prose
    recap.save(update_fields=["prose"])
    recap.quotes.set(chosen)
    record(user, "write_recap", recap)
    return recap


@transaction.atomic
def freeze(user: User, event: Event, *, on: bool) -> Recap:
    """Keeps the numbers as they are now, or lets them live again."""
    recap = _held(user, event)
    recap.frozen = numbers.all_numbers(event) if on else None
    recap.frozen_at = Now() if on else None
    recap.save(update_fields=["frozen", "frozen_at"])
    record(user, "freeze_recap" if on else "thaw_recap", recap)
    recap.refresh_from_db()
    return recap


@transaction.atomic
def publish(user: User, event: Event, *, on: bool) -> Recap:
    recap = _held(user, event)
    recap.published_at = Now() if on else None
    recap.save(update_fields=["published_at"])
    record(user, "publish_recap" if on else "withdraw_recap", recap)
    recap.refresh_from_db()
    return recap
