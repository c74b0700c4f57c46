"""Whom to ask about which session, and when: on the page as soon as it is over, by mail once a
day after the last one that somebody wanted to see."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from events.models import Event
from submissions.programme.agenda import Item
from submissions.programme.clock import wall
from submissions.programme.models import Contributor, Feedback, Session, Slot, Star, voice_of

FRESH = timedelta(hours=1)  # for so long the page asks
WITHIN = timedelta(hours=12)  # later a mail about a day comes no more
AT_MOST = 3


def just_over(user: User, event: Event, found: Iterable[Item]) -> list[Item]:
    """What has just ended and this person has neither presented nor rated; starred ones first."""
    now = timezone.now()
    ended = [
        item
        for item in found
        if now - FRESH <= item.slot.ends_at <= now
        and item.slot.session.is_spoken
        and not item.is_cancelled
    ]
    waiting = unrated(user, event, [item.slot.session for item in ended]) if ended else []
    ended = [item for item in ended if item.slot.session in waiting]
    return sorted(ended, key=lambda item: not item.starred)[:AT_MOST]


def unrated(user: User, event: Event, sessions: list[Session]) -> list[Session]:
    """Those of others that this person has said nothing about: two queries."""
    voices = {voice_of(user, event, one): one.pk for one in sessions}
    given = {*Feedback.objects.filter(voice__in=voices).values_list("session_id", flat=True)}
    mine = Contributor.objects.active().of(user).filter(session__in=sessions)
    given |= {*mine.values_list("session_id", flat=True)}
    return [one for one in sessions if one.pk not in given]


def days_over(event: Event) -> list[tuple[date, User, list[Session]]]:
    """(day, person, what they starred of it), where the last of it ended a short while ago. The
    last day is left out: then the whole event is asked about."""
    slots = Slot.objects.current().filter(version__event=event).select_related("session")
    spoken = [s for s in slots if s.session.is_spoken and s.session.cancelled_at is None]
    by_session = {slot.session_id: slot for slot in spoken}
    last = max((_day(event, slot) for slot in slots), default=None)
    coming = event.registrations.active().values("user")
    stars = Star.objects.filter(session__in=by_session, user__in=coming).select_related("user")
    seen: dict[tuple[date, User], list[Slot]] = defaultdict(list)
    for star in stars:
        slot = by_session[star.session_id]  # type: ignore[index]
        if (day := _day(event, slot)) != last:
            seen[day, star.user].append(slot)
    return [
        (day, user, [slot.session for slot in sorted(own, key=lambda slot: slot.starts_at)])
        for (day, user), own in seen.items()
        if _just_ended(max(slot.ends_at for slot in own))
    ]


def _day(event: Event, slot: Slot) -> date:
    return wall(event, slot.starts_at).date()


def _just_ended(end: datetime) -> bool:
    return timezone.now() - WITHIN <= end <= timezone.now()
