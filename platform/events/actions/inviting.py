"""Inviting people, by a personal link or a code for many, and using what one was sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.actions.registering import admit
from events.actions.roles import grant_role
from events.actions.seats import hold_seats
from events.invitation_list import Line
from events.models import Event, Invitation, Redemption, Registration, Role, Track
from notices.actions import post, record
from theme.refusal import Refused

# Whoever comes to help has a role; these also take part, with a place and a ticket.
WITH_A_PLACE = ("", Role.Kind.SPEAKER, Role.Kind.MENTOR)


@transaction.atomic
def invite(
    user: User,
    event: Event,
    *,
    email: str = "",
    name: str = "",
    role: str = "",
    track: Track | None = None,
    uses: int = 1,
    expires_at: datetime | None = None,
    note: str = "",
) -> Invitation:
    """With an address a personal invitation that is mailed; without one a code for many."""
    _refuse_unless_inviter(user, event, role, track)
    try:
        with transaction.atomic():
            invitation = event.invitations.create(
                email=email.strip().lower(),
                name=name,
                role=role,
                track=track,
                uses=1 if email else uses,
                expires_at=expires_at,
                note=note,
            )
    except IntegrityError:
        raise Refused(
            _("%(email)s is invited already.") % {"email": email}, code="invite.again"
        ) from None
    record(user, "invite", invitation, role=role, uses=invitation.uses)
    if invitation.email:
        _mail(user, invitation)
    return invitation


@transaction.atomic
def invite_all(user: User, event: Event, lines: Iterable[Line], **options: Any) -> int:
    """Everybody of a list that has no problem any more, or nobody; returns how many."""
    wanted = list(lines)
    if any(line.problems for line in wanted):
        raise Refused(_("Mend the lines that are named first."), code="invite.list")
    for line in wanted:
        invite(
            user,
            event,
            email=line.email,
            name=line.name,
            role=line.role,
            track=line.track,
            **options,
        )
    return len(wanted)


def _refuse_unless_inviter(user: User, event: Event, role: str, track: Track | None) -> None:
    if not rules.can_give_role(user, event, role):
        raise Refused(_("You cannot invite for this role."), code="invite.not_yours")
    if track is not None and track.event_id != event.pk:
        raise Refused(_("Choose a category of this event."), code="invite.foreign_track")
    if role == Role.Kind.TRACK_LEAD and track is None:
        raise Refused(_("A category lead needs a category."), code="invite.no_track")


def _mail(user: User, invitation: Invitation) -> None:
    event, until = invitation.event, invitation.expires_at
    local = f"{timezone.localtime(until, event.zone):%d %b %Y, %H:%M}" if until else ""
    post(
        invitation.email,
        "events/mail/invitation",
        cause=f"invitation:{invitation.pk}",
        event=event,
        invited=invitation.name,
        role=invitation.get_role_display() if invitation.role else "",
        until=f"{local} {event.timezone}" if local else "",
        inviter=str(user),
        url=invitation.get_absolute_url(),
    )


@transaction.atomic
def withdraw_invitation(user: User, invitation: Invitation) -> None:
    """The link says from now on that it is withdrawn; who used it already stays."""
    if not rules.can_run(user, invitation.event):
        raise Refused(_("Only organizers withdraw invitations."), code="invite.not_yours")
    changed = Invitation.objects.filter(pk=invitation.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=Now()
    )
    if changed:
        record(user, "withdraw_invitation", invitation)


@transaction.atomic
def redeem(user: User, event: Event, *, code: str) -> Registration | Role:
    """Gives what the invitation promises; using one's own invitation again changes nothing (B69).

    Raises Refused with the reason why a link is not valid (any more).
    """
    invitation = event.invitations.filter(code=code).select_related("track").first()
    if invitation is None:
        raise Refused(
            _("This invitation link is not valid. It may have been cut off in a mail."),
            code="invite.unknown",
        )
    event = hold_seats(event)
    if not _has_used(user, invitation):
        _use(user, invitation)
    return _given(user, event, invitation)


def _has_used(user: User, invitation: Invitation) -> bool:
    return Redemption.objects.filter(invitation=invitation, user=user).exists()


def _use(user: User, invitation: Invitation) -> None:
    """One conditional update counts the use, so that the last one goes to one person."""
    usable = Invitation.objects.valid().filter(pk=invitation.pk)
    if not usable.update(used=F("used") + 1):
        invitation.refresh_from_db()
        raise _why_not(invitation)
    Redemption.objects.create(invitation=invitation, user=user)
    record(user, "redeem", invitation)


def _why_not(invitation: Invitation) -> Refused:
    if invitation.withdrawn_at:
        return Refused(_("The organizers withdrew this invitation."), code="invite.withdrawn")
    if invitation.used >= invitation.uses:
        return Refused(
            _("This invitation was used already. Ask the organizers for one of your own."),
            code="invite.used",
        )
    day = timezone.localtime(invitation.expires_at, invitation.event.zone)
    return Refused(
        _("This invitation was valid until %(day)s. Ask the organizers for a new one.")
        % {"day": f"{day:%d %b %Y, %H:%M} {invitation.event.timezone}"},
        code="invite.expired",
    )


def problem_with(invitation: Invitation | None, user: Any) -> Refused | None:
    """Why this person cannot use it, for the page that the link opens."""
    if invitation is None or Invitation.objects.valid().filter(pk=invitation.pk).exists():
        return None
    return None if _has_used(user, invitation) else _why_not(invitation)


def _given(user: User, event: Event, invitation: Invitation) -> Registration | Role:
    role: Role | None = None
    if invitation.role:
        role = grant_role(None, event, to=user, kind=invitation.role, track=invitation.track)
    if role is not None and invitation.role not in WITH_A_PLACE:
        return role
    return admit(user, event, track=invitation.track, invitation=invitation)
