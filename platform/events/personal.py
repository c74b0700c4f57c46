"""What this room holds about a person, and how it forgets them."""

from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.personal_data import Held
from events.models import Answer, Extension, Invitation, JoinRequest, Registration, Seeker, new_code


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


@transaction.atomic
def erase(user: User) -> None:
    """Answers with their files, roles, searches and invitations go; that somebody was registered
    or in a team stays as a number without a name."""
    for answer in Answer.objects.filter(registration__user=user).exclude(file=""):
        answer.file.delete(save=False)
    Answer.objects.filter(registration__user=user).delete()
    for model in (Seeker, JoinRequest, Extension):
        model._default_manager.filter(user=user).delete()
    user.roles.all().delete()
    Invitation.objects.filter(email__iexact=user.email).update(email="", name="", note="")
    for registration in user.registrations.all():
        registration.reason, registration.ticket = "", new_code()
        registration.save(update_fields=["reason", "ticket"])
