"""Who may do what in an event. Pure questions to the database; nothing here writes."""

from django.db.models import F
from django.db.models.functions import Now

from accounts.models import Viewer
from accounts.rules import has_second_factor
from events.models import Event, Extension, Membership, Phase, Registration, Role, Team


def is_open(event: Event, kind: str, user: Viewer | None = None) -> bool:
    """Is this phase open now, by the clock of the database (grace included)? With a `user`, also
    when only they have more time."""
    if Phase.objects.open().filter(event=event, kind=kind).exists():
        return True
    more = Extension.objects.filter(phase__event=event, phase__kind=kind, until__gt=Now())
    return (
        user is not None
        and event.state != Event.State.ARCHIVED
        and more.filter(user_id=user.pk, phase__opens_at__lte=Now()).exists()
    )


def has_role(user: Viewer, event: Event, *kinds: str) -> bool:
    if not (user.is_authenticated and user.is_active):
        return False
    return Role.objects.filter(user_id=user.pk, event=event, kind__in=kinds).exists()


def lacks_second_factor(user: Viewer, slug: str) -> bool:
    """Does the event ask a second factor of them, who run it or judge in it, and they have none?"""
    asked = Role.objects.filter(
        event__slug=slug, event__second_factor=True, user_id=user.pk, kind__in=Role.GUARDED
    )
    return user.is_authenticated and asked.exists() and not has_second_factor(user)


def can_run(user: Viewer, event: Event) -> bool:
    return has_role(user, event, *Role.RUNNING)


def is_judge(user: Viewer, event: Event) -> bool:
    return has_role(user, event, Role.Kind.JUDGE)


def is_registered(user: Viewer, event: Event) -> bool:
    return Registration.objects.active().filter(user_id=user.pk, event=event).exists()


def is_member(user: Viewer, team: Team) -> bool:
    return Membership.objects.filter(user_id=user.pk, team=team).exists()


def is_lead(user: Viewer, team: Team) -> bool:
    return Membership.objects.filter(user_id=user.pk, team=team, leads=True).exists()


def can_register(user: Viewer, event: Event) -> bool:
    published = event.state == Event.State.PUBLISHED
    return published and is_open(event, Phase.Kind.REGISTRATION, user)


def has_team(user: Viewer, event: Event) -> bool:
    return Membership.objects.filter(user_id=user.pk, event=event).exists()


def can_make_team(user: Viewer, event: Event) -> bool:
    return is_registered(user, event) and not has_team(user, event)


def can_give_role(user: Viewer, event: Event, kind: str) -> bool:
    """Owners give every role, organizers those that do not run the event."""
    if kind in Role.RUNNING:
        return has_role(user, event, Role.Kind.OWNER)
    return can_run(user, event)


def can_change_answers(user: Viewer, event: Event) -> bool:
    """Until the event's own date for it, by the clock of the database; without one until it is
    archived."""
    if event.state == Event.State.ARCHIVED:
        return False
    over = Event.objects.filter(pk=event.pk, answers_until__lte=Now())
    return not over.exists()


def can_check_in(user: Viewer, event: Event) -> bool:
    return has_role(user, event, *Role.RUNNING, Role.Kind.CHECK_IN)


def can_publish(user: Viewer, event: Event) -> bool:
    return has_role(user, event, Role.Kind.OWNER)


def can_look_into(user: Viewer) -> bool:
    """Administrators of the site, after a reason and for a while: events.actions.looking."""
    return user.is_authenticated and user.is_active and user.is_staff


def are_teams_fixed(event: Event) -> bool:
    """Since submissions closed (with whatever time somebody got beyond that)."""
    closed = Phase.objects.filter(
        event=event, kind=Phase.Kind.SUBMISSION, closes_at__lte=Now() - F("grace")
    )
    return closed.exists()
