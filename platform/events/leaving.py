"""What happens to an event and to teams when a person is erased."""

from django.utils.translation import gettext as _

from accounts.models import User
from events import personal
from events.models import Event, Membership, Role, Team
from theme.refusal import Refused


def erase(user: User) -> None:
    refuse_the_only_owner(user)
    personal.erase(user)
    for membership in Membership.objects.filter(user=user).select_related("team"):
        _leave(membership)


def refuse_the_only_owner(user: User) -> None:
    owned = Event.objects.filter(roles__user=user, roles__kind=Role.Kind.OWNER)
    for event in owned.exclude(state=Event.State.ARCHIVED):
        others = event.roles.filter(kind=Role.Kind.OWNER, user__is_active=True).exclude(user=user)
        if not others.exists():
            sentence = _("%(event)s has no other owner. Make somebody else its owner first.")
            raise Refused(sentence % {"event": event.name}, code="account.only_owner")


def _leave(membership: Membership) -> None:
    """The seat stays, as a former participant's; somebody else leads. Nobody else: the name that
    the person gave the team goes, too."""
    others = membership.team.memberships.exclude(pk=membership.pk)
    if membership.leads and (heir := others.order_by("pk").first()):
        Membership.objects.filter(pk=membership.pk).update(leads=False)
        Membership.objects.filter(pk=heir.pk).update(leads=True)
    if not others.exists():
        name = f"{_('Former participant')} {membership.team.pk.hex[:8]}"
        Team.objects.filter(pk=membership.team_id).update(
            name=name, about="", wanted="", recruiting=False
        )
