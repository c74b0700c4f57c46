"""What events hold about a person: registrations with their answers, teams, searches, roles."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Held
from events.models import (
    Answer,
    Event,
    Extension,
    Invitation,
    JoinRequest,
    Membership,
    Registration,
    Role,
    Seeker,
    Team,
    new_code,
)
from theme.refusal import Refused


def collect(user: User) -> Held:
    """Plain data for the person's own download, and the files they handed in with answers."""
    kept = Answer.objects.filter(registration__user=user).exclude(file="")
    files = {f"{one.pk}-{one.value}": Path(one.file.path) for one in kept}
    return Held(_data(user), files)


def _data(user: User) -> dict[str, Any]:
    registrations = user.registrations.select_related("event", "track").prefetch_related(
        "answers__question"
    )
    return {
        "registrations": [_registration(one) for one in registrations],
        "roles": [
            {"event": role.event.slug, "role": role.kind, "track": role.track and role.track.slug}
            for role in user.roles.select_related("event", "track")
        ],
        "teams": [
            {"event": seat.event.slug, "team": seat.team.name, "leads": seat.leads}
            for seat in user.memberships.select_related("event", "team")
        ],
        "board": [
            {"event": one.event.slug, "skills": one.skills, "about": one.about}
            for one in user.searches.select_related("event")
        ],
        "codes_of_conduct": [
            {
                "event": one.conduct.event.slug,
                "version": one.conduct.version,
                "accepted_at": one.accepted_at.isoformat(),
            }
            for one in user.acceptances.select_related("conduct__event")
        ],
    }


def _registration(one: Registration) -> dict[str, Any]:
    return {
        "event": one.event.slug,
        "state": one.told_state,
        "track": one.track and one.track.slug,
        "since": one.created_at.isoformat(),
        "checked_in_at": one.checked_in_at and one.checked_in_at.isoformat(),
        "answers": {answer.question.label: answer.value for answer in one.answers.all()},
    }


def erase(user: User) -> None:
    refuse_the_only_owner(user)
    _erase_answers(user)
    for registration in Registration.objects.filter(user=user):
        registration.reason, registration.ticket = "", new_code()
        registration.save(update_fields=["reason", "ticket"])
    Extension.objects.filter(user=user).update(reason="")
    Seeker.objects.filter(user=user).delete()
    JoinRequest.objects.filter(user=user).delete()
    Role.objects.filter(user=user, kind__in=Role.RUNNING).delete()
    invited = Invitation.objects.filter(email__iexact=user.email)
    invited.update(email="", name="", note="")
    for membership in Membership.objects.filter(user=user).select_related("team"):
        _leave(membership)


def refuse_the_only_owner(user: User) -> None:
    owned = Event.objects.filter(roles__user=user, roles__kind=Role.Kind.OWNER)
    for event in owned.exclude(state=Event.State.ARCHIVED):
        others = event.roles.filter(kind=Role.Kind.OWNER, user__is_active=True).exclude(user=user)
        if not others.exists():
            sentence = _("%(event)s has no other owner. Make somebody else its owner first.")
            raise Refused(sentence % {"event": event.name}, code="account.only_owner")


def _erase_answers(user: User) -> None:
    for answer in Answer.objects.filter(registration__user=user):
        if answer.file:
            storage, name = answer.file.storage, answer.file.name
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]
        answer.delete()


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
