"""Who else reads a submission: given to one reader, or open to everybody."""

from collections.abc import Iterable

from django.db.models.functions import Now

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.entries.models import Reader, Submission


def give_to_read(actor: User | None, submission: Submission, *, to: User) -> Reader:
    """Called by the rooms that decide who reads: a panel that assigns a judge."""
    reader, created = Reader.objects.get_or_create(submission=submission, user=to)
    if created:
        record(actor, "give_to_read", submission, to=to.pk)
    return reader


def give_many_to_read(pairs: Iterable[tuple[Submission, User]]) -> None:
    """As `give_to_read`, for a verb that assigns thousands and records them itself."""
    Reader.objects.bulk_create(
        [Reader(submission=submission, user=to) for submission, to in pairs], ignore_conflicts=True
    )


def take_from_reader(actor: User | None, submission: Submission, *, user: User) -> None:
    deleted, _kinds = Reader.objects.filter(submission=submission, user=user).delete()
    if deleted:
        record(actor, "take_from_reader", submission, reader=user.pk)


def reveal(actor: User, event: Event) -> int:
    """Opens all final submissions of an event to everybody, of what is decided on only what is
    accepted; returns how many. The caller (the room
    that publishes results) has checked who may."""
    record(actor, "reveal", event)
    final = Submission.objects.submitted().filter(event=event)
    refused = final.filter(entry_type__decided=True).exclude(
        pk__in=Submission.objects.accepted().values("pk")
    )
    return final.exclude(pk__in=refused.values("pk")).update(revealed_at=Now())


def conceal(actor: User, event: Event) -> int:
    record(actor, "conceal", event)
    return Submission.objects.filter(event=event).update(revealed_at=None)
