"""Who may do what in the programme of an event. Pure questions; nothing here writes."""

from django.utils import timezone

from accounts.models import Viewer
from events.models import Event
from events.rules import can_run
from submissions.programme.models import (
    Contributor,
    Poster,
    Programme,
    Question,
    Session,
    Slot,
    Version,
)
from submissions.programme.models.hall import halls_open_to


def programme_of(event: Event) -> Programme:
    """The event's settings here, or the usual ones (unsaved)."""
    return Programme.objects.filter(event=event).first() or Programme(event=event)


def can_edit(user: Viewer, event: Event) -> bool:
    return can_run(user, event)


def is_released(event: Event) -> bool:
    return Version.objects.released().filter(event=event).exists()


def attends(user: Viewer, event: Event) -> bool:
    """Is this person signed in and let into the hall?"""
    return user.is_authenticated and halls_open_to(user).filter(pk=event.pk).exists()


def can_visit_hall(user: Viewer, event: Event) -> bool:
    return halls_open_to(user).filter(pk=event.pk).exists()


def is_contributor(user: Viewer, thing: Session | Poster) -> bool:
    return thing.contributors.active().of(user).exists()


def presents(user: Viewer, event: Event) -> bool:
    """Has this person a talk or a poster here?"""
    mine = Contributor.objects.of(user)
    return mine.filter(session__event=event).exists() or mine.filter(poster__event=event).exists()


def can_answer(user: Viewer, question: Question) -> bool:
    return is_contributor(user, question.target) or can_run(user, question.event)


def can_moderate(user: Viewer, event: Event) -> bool:
    return can_run(user, event)


def may_upload(programme: Programme) -> bool:
    return programme.slides_until is None or timezone.now() <= programme.slides_until


def is_vote_open(programme: Programme) -> bool:
    now = timezone.now()
    opens, closes = programme.vote_opens_at, programme.vote_closes_at
    return opens is not None and opens <= now and (closes is None or now < closes)


def has_begun(session: Session) -> bool:
    """Did the session begin, by the schedule released last?"""
    slot = Slot.objects.current().filter(session=session).first()
    return slot is not None and slot.starts_at <= timezone.now()


def has_ended(event: Event) -> bool:
    """Is the last session of the released schedule over?"""
    last = Slot.objects.current().filter(version__event=event).order_by("-ends_at").first()
    return last is not None and last.ends_at <= timezone.now()


def is_over(slot: Slot) -> bool:
    return slot.ends_at <= timezone.now()
