"""What events hold about a person: registrations with their answers, teams, searches, roles."""

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
)
from theme.refusal import Refused


def collect(user: User) -> Held:
    answers = Answer.objects.filter(registration__user=user).select_related(
        "question__event", "registration"
    )
    data: dict[str, Any] = {
        "answers": [
            {"event": a.question.event.slug, "question": a.question.label, "answer": a.value}
            for a in answers
        ],
        "teams": list(Team.objects.of(user).values("event__slug", "name", "about", "wanted")),
    }
    files = {f"{a.pk}-{a.value}": a.file.open().read() for a in answers if a.file}
    return Held(data, {name.replace("/", "_"): content for name, content in files.items()})


def erase(user: User) -> None:
    refuse_the_only_owner(user)
    _erase_answers(user)
    Registration.objects.filter(user=user).update(reason="")
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
