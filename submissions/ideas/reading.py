"""Mentors read what is proposed for their ideas. The right is given when the idea is chosen, and
`Submission.objects.visible_to` lets a reader in once it is handed in."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from events.models import Role
from events.rules import has_role
from submissions.entries.actions import give_to_read, take_from_reader
from submissions.entries.models import Submission
from submissions.ideas.models import Idea, Mentor


def proposals(idea: Idea) -> list[Submission]:
    return [one.submission for one in idea.proposals.select_related("submission__event")]


def accounts(idea: Idea | None) -> set[User]:
    if idea is None:
        return set()
    return {m.user for m in idea.mentors.select_related("user") if m.user}


def pass_on(
    actor: User | None, found: Iterable[Submission], *, before: set[User], after: set[User]
) -> None:
    """From the mentors there were to those there are. A judge keeps it: the panel gives it, too."""
    for submission in found:
        for user in after - before:
            give_to_read(actor, submission, to=user)
        for user in before - after:
            if not has_role(user, submission.event, Role.Kind.JUDGE):
                take_from_reader(actor, submission, user=user)


def follow_role(instance: Role, **_more: Any) -> None:
    """Who is no longer a mentor of the event keeps the name on the list, and nothing else."""
    helping = (Role.Kind.MENTOR, *Role.RUNNING)
    if Role.objects.filter(
        user_id=instance.user_id, event_id=instance.event_id, kind__in=helping
    ).exists():
        return
    seats = Mentor.objects.filter(user_id=instance.user_id, idea__event_id=instance.event_id)
    for seat in seats.select_related("idea", "user"):
        if seat.user:
            pass_on(None, proposals(seat.idea), before={seat.user}, after=set())
    seats.update(user=None)
