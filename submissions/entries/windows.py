"""Until when one submission may be written: its type's window, and what was granted beyond it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Viewer
from events.models import Event, Extension, Membership, Phase
from submissions.entries.models import Author, EntryType, Submission


def granted(entry_type: EntryType) -> "QuerySet[Extension]":
    """More time of the event's phase; a type with a window of its own does not follow it."""
    if entry_type.closes_at is not None:
        return Extension.objects.none()
    phase = Phase.objects.filter(event_id=entry_type.event_id, kind=Phase.Kind.SUBMISSION)
    begun = phase.filter(opens_at__lte=Now()).exclude(event__state=Event.State.ARCHIVED)
    return Extension.objects.filter(phase__in=begun)


def extensions(submission: Submission) -> "QuerySet[Extension]":
    """More time given to any of its people; what they write together has one deadline."""
    seats = Membership.objects.filter(team__submissions=submission).values("user_id")
    written = Author.objects.filter(submission=submission, user__isnull=False).values("user_id")
    given = granted(submission.entry_type)
    return given.filter(Q(user_id__in=seats) | Q(user_id__in=written))


def has_more_time(user: Viewer, entry_type: EntryType) -> bool:
    """Was this person, or one of the team that hands it in, given time that still runs?"""
    own = Q(user_id=user.pk)
    if entry_type.belongs_to == EntryType.BelongsTo.TEAM:
        teams = Membership.objects.filter(event_id=entry_type.event_id, user_id=user.pk)
        mates = Membership.objects.filter(team_id__in=teams.values("team_id"))
        own |= Q(user_id__in=mates.values("user_id"))
    return granted(entry_type).filter(own, until__gt=Now()).exists()


def granted_until(submission: Submission) -> datetime | None:
    """The latest time granted to this submission: an extension, or a reopening."""
    given = list(extensions(submission).values_list("until", flat=True))
    given += submission.reopenings.values_list("until", flat=True)
    return max(given, default=None)


def running_until(submission: Submission) -> datetime | None:
    """For its people to see: until when it is open beyond what holds for all."""
    granted, window = granted_until(submission), submission.entry_type.closing()
    usual = [window.closes_at] if window and window.closes_at else []
    return granted if granted and granted > max([timezone.now(), *usual]) else None


def deadline(submission: Submission) -> datetime | None:
    """When it closes for its people, the event's silent grace not counted."""
    window = submission.entry_type.closing()
    times = [window.closes_at if window else None, granted_until(submission)]
    return max((time for time in times if time), default=None)
