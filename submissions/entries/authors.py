"""Who wrote a submission, in order."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import record
from submissions.entries.locking import locked
from submissions.entries.models import Author, EntryType, Submission
from theme.refusal import Refused

MOST = 50


def of(user: User) -> dict[str, Any]:
    """A person as the author of something they begin."""
    told = {"name": str(user), "affiliation": user.affiliation, "email": user.email}
    return told | {"presents": True}


def write(
    submission: Submission, authors: Sequence[dict[str, Any]], *, own: User | None = None
) -> list[Author]:
    """Replaces the authors. One with a confirmed address of an account, or the address that `own`
    signs in with, is that account, and may write too."""
    addresses = [one["email"].lower() for one in authors if one.get("email")]
    confirmed = EmailAddress.objects.filter(email__in=addresses, verified=True)
    known = {row.email.lower(): row.user_id for row in confirmed}
    if own is not None:
        known[own.email.lower()] = own.pk
    submission.authors.all().delete()
    return Author.objects.bulk_create(
        Author(
            submission=submission,
            position=position,
            user_id=known.pop(one.get("email", "").lower(), None),
            **one,
        )
        for position, one in enumerate(authors)
    )


@transaction.atomic
def set_authors(
    user: User, submission: Submission, *, authors: Sequence[dict[str, Any]]
) -> list[Author]:
    """Who wrote it, in order: mappings of name, affiliation, email, presents."""
    found = locked(user, submission)
    _refuse_impossible(user, found, authors)
    written = write(found, authors, own=user)
    record(user, "set_authors", found, count=len(written))
    return written


def _refuse_impossible(
    user: User, submission: Submission, authors: Sequence[dict[str, Any]]
) -> None:
    if submission.team_id:
        raise Refused(_("The members of the team are the authors."), code="authors.team")
    if not any(one.get("email", "").lower() == user.email.lower() for one in authors):
        raise Refused(
            _("Keep yourself among the authors, with the address you sign in with."),
            code="authors.without_you",
        )
    most = 1 if submission.entry_type.belongs_to == EntryType.BelongsTo.PERSON else MOST
    if len(authors) > most:
        raise Refused(
            _("%(most)d authors are the most here.") % {"most": most}, code="authors.too_many"
        )


def byline(submission: Submission) -> list[dict[str, Any]]:
    """The people on it at this instant, in order, as a version keeps them (B86)."""
    if submission.team is None:
        told = submission.authors.values("name", "affiliation", "email", "presents", "user_id")
        return [dict(one) for one in told]
    seats = submission.team.memberships.select_related("user")
    return [
        {"name": str(seat.user), "affiliation": seat.user.affiliation, "user_id": seat.user_id}
        for seat in seats
    ]


def accounts(submission: Submission) -> list[User]:
    """Those of them who have an account: who is written to."""
    if submission.team is not None:
        return list(submission.team.members.all())
    return list(User.objects.filter(authorships__submission=submission))
