"""Making a team, joining one, leaving it.

A team's submission stays with the team whoever joins or leaves. New members read and change it,
former ones no longer; each version handed in keeps who handed it in. Once submissions are closed
nobody joins any more: the team that is judged is the team that handed in.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, JoinRequest, Membership, Seeker, Team
from notices.actions import record
from theme.refusal import Refused


@transaction.atomic
def create_team(user: User, event: Event, *, name: str) -> Team:
    refuse_unregistered(user, event)
    try:
        with transaction.atomic():
            team = Team.objects.create(event=event, name=name)
    except IntegrityError:
        raise name_taken(name) from None
    _seat(user, team, leads=True)
    record(user, "create_team", team, name=name)
    return team


def name_taken(name: str) -> Refused:
    return Refused(
        _("A team named “%(name)s” exists already; choose another name.") % {"name": name},
        code="team.name_taken",
    )


def refuse_unregistered(user: User, event: Event) -> None:
    if not rules.is_registered(user, event):
        raise Refused(_("Register for the event first."), code="team.not_registered")


@transaction.atomic
def join_team(user: User, event: Event, *, code: str) -> Team:
    """Takes a free seat in the team whose invitation link carries `code`."""
    team = Team.objects.select_for_update().filter(event=event, invite_code=code).first()
    if team is None:
        raise Refused(
            _("This invitation link is not valid; ask your team for a new one."),
            code="invite.unknown",
        )
    add_member(user, team)
    record(user, "join_team", team)
    return team


def add_member(user: User, team: Team) -> None:
    """The caller holds the team's row, so that two never take one last seat (B69)."""
    event = team.event
    refuse_unregistered(user, event)
    if rules.are_teams_fixed(event):
        raise Refused(_("Submissions are closed, and with them the teams."), code="team.closed")
    if team.memberships.count() >= event.team_size:
        raise Refused(
            _("%(team)s is full: %(size)d people at most.")
            % {"team": team, "size": event.team_size},
            code="team.full",
        )
    _seat(user, team, leads=False)


def _seat(user: User, team: Team, *, leads: bool) -> None:
    try:
        with transaction.atomic():
            Membership.objects.create(event=team.event, team=team, user=user, leads=leads)
    except IntegrityError:
        raise Refused(
            _("You are already in a team of this event."), code="team.already_member"
        ) from None
    # Who has a team looks for none any more.
    Seeker.objects.filter(event=team.event, user=user).delete()
    JoinRequest.objects.filter(team__event=team.event, user=user).delete()


@transaction.atomic
def leave_team(user: User, team: Team) -> None:
    """The longest-standing member takes over a lead's place; the last one cannot leave."""
    seats = list(team.memberships.select_for_update().order_by("id"))
    mine = next((seat for seat in seats if seat.user_id == user.pk), None)
    if mine is None:
        raise Refused(_("You are not in this team."), code="team.not_member")
    if len(seats) == 1:
        raise Refused(
            _("You are the last one in %(team)s; a team cannot be empty.") % {"team": team},
            code="team.last_member",
        )
    mine.delete()
    if mine.leads:
        heir = next(seat for seat in seats if seat.user_id != user.pk)
        heir.leads = True
        heir.save(update_fields=["leads"])
    record(user, "leave_team", team)
