"""The visitors' favourite: off unless the event turns it on, one a person, counted in silence."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User, Viewer
from events.models import Event
from notices.actions import record
from submissions.entries import rules
from submissions.entries.models import Gallery, Submission, Vote
from theme.refusal import Refused


def mailbox(address: str) -> str:
    """The address that mail to this one ends in: what follows a + is the same box, and at
    Google dots do not count (B70)."""
    name, _at, host = address.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if host in ("gmail.com", "googlemail.com"):
        name, host = name.replace(".", ""), "gmail.com"
    return f"{name}@{host}"


def is_voting(event: Event) -> bool:
    return Gallery.objects.filter(event=event, votes=True, votes_published=False).exists()


def published(event: Event) -> dict[UUID, int]:
    """How many votes each submission got, once the event says that everybody may know."""
    if not Gallery.objects.filter(event=event, votes=True, votes_published=True).exists():
        return {}
    rows = Submission.objects.public().filter(event=event).annotate(count=Count("votes"))
    return dict(rows.values_list("pk", "count"))


def has_confirmed_address(user: Viewer) -> bool:
    return user.is_authenticated and bool(user.emailaddress_set.filter(verified=True).exists())  # type: ignore[attr-defined]


@transaction.atomic
def vote(user: User, submission: Submission) -> Vote:
    """Gives the person's one vote; given again elsewhere, it moves."""
    event = submission.event
    if not is_voting(event):
        raise Refused(_("Nobody votes here now."), code="vote.closed")
    if not has_confirmed_address(user):
        raise Refused(_("Confirm your e-mail address first."), code="vote.unconfirmed")
    if rules.is_author(user, submission):
        raise Refused(_("Vote for somebody else's work."), code="vote.own")
    if not Submission.objects.public().filter(pk=submission.pk).exists():
        raise Refused(_("This is not in the gallery."), code="vote.not_shown")
    told = {"submission": submission, "mailbox": mailbox(user.email)}
    try:
        with transaction.atomic():
            cast, _made = Vote.objects.update_or_create(event=event, voter=user, defaults=told)
    except IntegrityError:
        raise Refused(
            _("Somebody with this mailbox has voted already."), code="vote.mailbox"
        ) from None
    record(user, "vote", submission)
    return cast


@transaction.atomic
def take_back(user: User, event: Event) -> None:
    if not is_voting(event):
        raise Refused(_("Nobody votes here now."), code="vote.closed")
    deleted, _kinds = Vote.objects.filter(event=event, voter=user).delete()
    if deleted:
        record(user, "take_back_vote", event)
