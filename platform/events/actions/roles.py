"""Giving and taking roles."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, Role, Track
from notices.actions import record
from theme.refusal import Refused


@transaction.atomic
def grant_role(
    user: User | None, event: Event, *, to: User, kind: str, track: Track | None = None
) -> Role:
    """`user` is None when the system itself sets up an event. A category lead needs a track."""
    _refuse_unless_giver(user, event, kind)
    if track is not None and track.event_id != event.pk:
        raise Refused(_("Choose a category of this event."), code="role.foreign_track")
    if kind != Role.Kind.TRACK_LEAD:
        role, created = Role.objects.get_or_create(
            event=event, user=to, kind=kind, defaults={"track": track}
        )
    elif track is None:
        raise Refused(_("Choose the category to lead."), code="role.no_track")
    else:
        role, created = Role.objects.get_or_create(event=event, user=to, kind=kind, track=track)
    if created:
        record(user, "grant_role", role, kind=kind, to=to.pk)
    return role


@transaction.atomic
def take_role(user: User, role: Role) -> None:
    """Takes effect with the next request (B75). An event keeps at least one owner."""
    _refuse_unless_giver(user, role.event, role.kind)
    owners = Role.objects.select_for_update().filter(event=role.event, kind=Role.Kind.OWNER)
    if role.kind == Role.Kind.OWNER and [owner.pk for owner in owners] == [role.pk]:
        raise Refused(
            _("An event needs an owner; make somebody else an owner first."),
            code="role.last_owner",
        )
    record(user, "take_role", role, kind=role.kind, from_=role.user_id)
    role.delete()


def _refuse_unless_giver(user: User | None, event: Event, kind: str) -> None:
    if user is None or rules.can_give_role(user, event, kind):
        return
    if kind in Role.RUNNING:
        raise Refused(_("Only owners make owners and organizers."), code="role.not_yours")
    raise Refused(_("Only organizers give roles."), code="role.not_yours")
