"""What a team's lead does, and how people and teams find each other."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.actions.teams import add_member, name_taken, refuse_unregistered
from events.models import Event, JoinRequest, Seeker, Team, new_code
from notices.actions import post, record
from theme.refusal import Refused


@transaction.atomic
def change_team(user: User, team: Team, **values: object) -> Team:
    """Name, what it builds, whom it looks for, and whether the board shows it."""
    _refuse_unless_lead(user, team)
    for name in ("name", "about", "wanted", "recruiting"):
        if name in values:
            setattr(team, name, values[name])
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise name_taken(team.name) from None
    record(user, "change_team", team, **{name: str(value) for name, value in values.items()})
    return team


@transaction.atomic
def renew_link(user: User, team: Team) -> Team:
    """The old link joins nobody any more."""
    _refuse_unless_lead(user, team)
    team.invite_code = new_code()
    team.save(update_fields=["invite_code"])
    record(user, "renew_link", team)
    return team


@transaction.atomic
def invite_to_team(user: User, team: Team, *, email: str) -> None:
    """Mails the team's link to an address; one mail an address and link."""
    if not rules.is_member(user, team):
        raise Refused(_("Only the team invites."), code="team.not_yours")
    recent = post(
        email,
        "events/mail/team_invitation",
        cause=f"team:{team.pk}:{team.invite_code[:4]}",
        event=team.event,
        team=team.name,
        inviter=str(user),
        url=reverse("events:join", args=[team.event.slug, team.invite_code]),
    )
    if recent is None:
        raise Refused(_("This address was sent the link already."), code="team.invited_already")
    record(user, "invite_to_team", team)


@transaction.atomic
def hand_over(user: User, team: Team, *, to: User) -> None:
    """Another member leads from now on."""
    seats = {seat.user_id: seat for seat in team.memberships.select_for_update()}
    _refuse_unless_lead(user, team)
    if to.pk not in seats:
        raise Refused(_("Choose a member of the team."), code="team.not_member")
    mine, theirs = seats[user.pk], seats[to.pk]
    mine.leads = False  # first, because a team has one lead at most
    mine.save(update_fields=["leads"])
    theirs.leads = True
    theirs.save(update_fields=["leads"])
    record(user, "hand_over", team, to=to.pk)


@transaction.atomic
def remove_member(user: User, team: Team, *, member: User) -> None:
    """The lead ends somebody's membership, before submissions close."""
    seats = {seat.user_id: seat for seat in team.memberships.select_for_update()}
    _refuse_unless_lead(user, team)
    if member.pk not in seats or member.pk == user.pk:
        raise Refused(_("Choose another member of the team."), code="team.not_member")
    if rules.are_teams_fixed(team.event):
        raise Refused(_("Submissions are closed, and with them the teams."), code="team.closed")
    seats[member.pk].delete()
    record(user, "remove_member", team, member=member.pk)


@transaction.atomic
def ask_to_join(user: User, team: Team, *, message: str = "") -> JoinRequest:
    """Asking twice is asking once. The lead gets a mail."""
    refuse_unregistered(user, team.event)
    if rules.has_team(user, team.event):
        raise Refused(_("You are already in a team of this event."), code="team.already_member")
    asked, created = JoinRequest.objects.get_or_create(
        team=team, user=user, defaults={"message": message}
    )
    if created:
        entry = record(user, "ask_to_join", team)
        _tell_lead(team, asked, f"join_request:{entry.pk}")
    return asked


def _tell_lead(team: Team, asked: JoinRequest, cause: str) -> None:
    lead = team.memberships.select_related("user").filter(leads=True).first()
    if lead is not None:
        post(
            lead.user,
            "events/mail/join_request",
            cause=cause,
            event=team.event,
            team=team.name,
            person=str(asked.user),
            message=asked.message,
            url=team.get_absolute_url(),
        )


@transaction.atomic
def answer_request(user: User, asked: JoinRequest, *, accept: bool) -> None:
    team = Team.objects.select_for_update().get(pk=asked.team_id)
    _refuse_unless_lead(user, team)
    if accept:
        add_member(asked.user, team)
    JoinRequest.objects.filter(pk=asked.pk).delete()
    entry = record(user, "answer_request", team, of=asked.user_id, accepted=accept)
    post(
        asked.user,
        "events/mail/join_accepted" if accept else "events/mail/join_declined",
        cause=f"join_answer:{entry.pk}",
        event=team.event,
        team=team.name,
        url=team.get_absolute_url(),
    )


@transaction.atomic
def seek_team(user: User, event: Event, *, skills: str, about: str = "") -> Seeker:
    """Puts a person on the board; again it changes what stands there."""
    refuse_unregistered(user, event)
    if rules.has_team(user, event):
        raise Refused(_("You are already in a team of this event."), code="team.already_member")
    told = {"skills": skills, "about": about}
    seeker, _created = Seeker.objects.update_or_create(event=event, user=user, defaults=told)
    record(user, "seek_team", seeker)
    return seeker


@transaction.atomic
def stop_seeking(user: User, event: Event) -> None:
    deleted, _kinds = Seeker.objects.filter(event=event, user=user).delete()
    if deleted:
        record(user, "stop_seeking", event)


def _refuse_unless_lead(user: User, team: Team) -> None:
    if not rules.is_lead(user, team):
        raise Refused(_("Only the team's lead does this."), code="team.not_yours")
