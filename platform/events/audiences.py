"""Whom an organizer can write to: those who take part, by state and by category; roles; teams."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Registration, Role
from notices.audiences import Group


def groups(event: Event) -> Iterable[Group]:
    for state in Registration.State:
        people = User.objects.filter(registrations__event=event, registrations__state=state)
        yield Group(f"registration:{state.value}", _("Registration: %s") % state.label, people)
    for kind in Role.Kind:
        people = User.objects.filter(roles__event=event, roles__kind=kind)
        yield Group(f"role:{kind.value}", _("Role: %s") % kind.label, people)
    in_team = User.objects.filter(memberships__event=event)
    yield Group("team", _("In a team"), in_team)
    taking_part = Registration.objects.active().filter(event=event)
    active = User.objects.filter(registrations__in=taking_part)
    yield Group("no-team", _("Without a team"), active.exclude(memberships__event=event))
