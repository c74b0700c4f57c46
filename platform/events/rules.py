"""Who may do what in an event. Pure questions to the database; nothing here writes."""

from accounts.models import Viewer
from events.models import Event, Membership, Phase, Registration, Role, Team


def is_open(event: Event, kind: str) -> bool:
    """Is this phase open now, by the clock of the database (grace included)?"""
    return Phase.objects.open().filter(event=event, kind=kind).exists()


def has_role(user: Viewer, event: Event, *kinds: str) -> bool:
    if not (user.is_authenticated and user.is_active):
        return False
    return Role.objects.filter(user_id=user.pk, event=event, kind__in=kinds).exists()


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
    return event.state == Event.State.PUBLISHED and is_open(event, Phase.Kind.REGISTRATION)


def has_team(user: Viewer, event: Event) -> bool:
    return Membership.objects.filter(user_id=user.pk, event=event).exists()


def can_make_team(user: Viewer, event: Event) -> bool:
    return is_registered(user, event) and not has_team(user, event)


def can_give_role(user: Viewer, event: Event, kind: str) -> bool:
    """Owners give every role, organizers those that do not run the event."""
    if kind in Role.RUNNING:
        return has_role(user, event, Role.Kind.OWNER)
    return can_run(user, event)
