"""What people do with a submission: draft, save, submit, withdraw; give it to somebody to read."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.actions import hold_phase
from events.models import Event, Phase, Team, Track
from notices.actions import record
from submissions.entries import rules
from submissions.entries.entry_types import use_default_types
from submissions.entries.models import (
    Author,
    EntryType,
    Reader,
    Submission,
    SubmissionVersion,
)
from theme.refusal import Refused


def _hold_deadline(entry_type: EntryType) -> None:
    """Whoever moves the deadline waits until this transaction ends (B82)."""
    hold_phase(entry_type.event, Phase.Kind.SUBMISSION)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM entries_entrytype WHERE id = %s FOR SHARE", [entry_type.pk]
            )


def _closed() -> Refused:
    return Refused(
        _("Submissions are closed. Your draft is kept as you saved it last."),
        code="deadline.passed",
    )


def _locked(user: User, submission: Submission) -> Submission:
    """The row, locked, if this person may write to it."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related("entry_type__event")
    found = rows.get(pk=submission.pk)
    if not rules.is_author(user, found):
        raise Refused(
            _("Only those who wrote it can change a submission."), code="submission.not_yours"
        )
    _hold_deadline(found.entry_type)
    if not rules.is_writable(found):
        raise _closed()
    return found


@transaction.atomic
def create_draft(
    user: User,
    event: Event,
    *,
    track: Track | None = None,
    entry_type: EntryType | None = None,
    authors: Sequence[dict[str, Any]] = (),
    **content: Any,
) -> Submission:
    """Begins a submission of `entry_type` (without one: the event's first).

    `authors` are, in order, mappings of Author's fields, where no team is; without any,
    `user` is the author. Raises Refused without a team where one is needed, out of time, in a
    category that is not for the type, or beyond the limits a person or team has.
    """
    kind = entry_type or use_default_types(None, event)[0]
    _refuse_foreign(kind, event, track)
    team = user.teams.filter(event=event).first()
    if kind.belongs_to != EntryType.BelongsTo.TEAM:
        team = None
    elif team is None:
        raise Refused(_("Make or join a team first."), code="submission.no_team")
    _hold_deadline(kind)
    if not rules.is_accepting(kind):
        raise _closed()
    _refuse_beyond_limits(user, kind, team)
    try:
        with transaction.atomic():
            draft = Submission.objects.create(
                event=event, entry_type=kind, team=team, track=track, **content
            )
    except IntegrityError:
        raise _second_in(track) from None
    if team is None:
        _write_authors(draft, authors or [{"name": str(user), "email": user.email}], own=user)
    record(user, "create_draft", draft)
    return draft


def _refuse_foreign(entry_type: EntryType, event: Event, track: Track | None) -> None:
    if entry_type.event_id != event.pk:
        raise Refused(_("Choose one of the types of this event."), code="submission.foreign_type")
    if not rules.may_enter(entry_type, track):
        raise Refused(_("Choose a category of this event."), code="submission.foreign_track")


def _refuse_beyond_limits(user: User, entry_type: EntryType, team: Team | None) -> None:
    """Counts under a lock of the person and the team, so that two at once cannot both pass."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = entry_type.submissions.exclude(state=Submission.State.WITHDRAWN)
    if team:
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        _refuse_from(entry_type.per_team, held.filter(team=team).count(), _("Your team has"))
    _refuse_from(entry_type.per_person, held.own(user).count(), _("You have"))


def _refuse_from(limit: int | None, held: int, who: str) -> None:
    if limit is not None and held >= limit:
        raise Refused(
            _("%(who)s %(held)d already, and %(limit)d is the most; withdraw one first.")
            % {"who": who, "held": held, "limit": limit},
            code="submission.too_many",
        )


def _write_authors(
    submission: Submission, authors: Sequence[dict[str, Any]], *, own: User
) -> list[Author]:
    """Replaces the authors. One with a confirmed address of an account is that account, and may
    write too; `own` always stays among them."""
    submission.authors.all().delete()
    addresses = [one.get("email", "").lower() for one in authors if one.get("email")]
    known = {
        row.email.lower(): row.user_id
        for row in EmailAddress.objects.filter(email__in=addresses, verified=True)
    }
    known[own.email.lower()] = own.pk
    rows = [
        Author(
            submission=submission,
            position=position,
            user_id=known.pop(one.get("email", "").lower(), None),
            **one,
        )
        for position, one in enumerate(authors)
    ]
    return Author.objects.bulk_create(rows)


@transaction.atomic
def set_authors(
    user: User, submission: Submission, *, authors: Sequence[dict[str, Any]]
) -> list[Author]:
    """Who wrote it, in order: mappings of name, affiliation, email, presents."""
    found = _locked(user, submission)
    if found.team_id:
        raise Refused(
            _("This belongs to a team; its members are the authors."), code="authors.team"
        )
    if not any(one.get("email", "").lower() == user.email.lower() for one in authors):
        raise Refused(
            _("Keep yourself among the authors, with the address you sign in with."),
            code="authors.without_you",
        )
    if found.entry_type.belongs_to == EntryType.BelongsTo.PERSON and len(authors) > 1:
        raise Refused(_("This belongs to one person."), code="authors.too_many")
    written = _write_authors(found, authors, own=user)
    record(user, "set_authors", found, count=len(written))
    return written


@transaction.atomic
def save_draft(
    user: User, submission: Submission, *, revision: int, track: Track | None, **content: Any
) -> Submission:
    """Stores the text if nobody else stored theirs since `revision` was read (B85).

    Of a submission that is handed in, this is its next version at once: what judges read and what
    the team has a receipt for never differ.
    """
    found = _locked(user, submission)
    _refuse_foreign(found.entry_type, found.event, track)
    if found.revision != revision:
        raise Refused(
            _(
                "Somebody else of your team saved this submission meanwhile. Your text is still "
                "in the form: compare it with theirs below, then save again."
            ),
            code="submission.conflict",
        )
    for name, value in {**content, "track": track}.items():
        setattr(found, name, value)
    found.revision = revision + 1
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise _second_in(track) from None
    record(user, "save_draft", found, revision=found.revision)
    if found.state == Submission.State.SUBMITTED:
        _hand_in(user, found)
    return found


@transaction.atomic
def submit(user: User, submission: Submission) -> SubmissionVersion:
    """Hands in what is stored now, as a new immutable version; the same text again is the same
    version, so a double click changes nothing (B84)."""
    return _hand_in(user, _locked(user, submission))


def _hand_in(user: User, found: Submission) -> SubmissionVersion:
    _refuse_incomplete(found)
    digest = content_hash(found)
    last = found.versions.first()
    if last and last.sha256 == digest and found.state == Submission.State.SUBMITTED:
        return last
    version = found.versions.create(
        number=last.number + 1 if last else 1,
        content=found.content,
        authors=byline(found),
        sha256=digest,
        submitted_by=user,
    )
    found.state, found.submitted_at = Submission.State.SUBMITTED, Now()
    try:
        with transaction.atomic():
            found.save(update_fields=["state", "submitted_at"])
    except IntegrityError:  # it had been withdrawn, and another was written since
        raise _second_in(found.track) from None
    record(user, "submit", found, version=version.number, sha256=digest)
    version.refresh_from_db()
    _note_lateness(found, version)
    return version


def _note_lateness(submission: Submission, version: SubmissionVersion) -> None:
    """Within the grace counts, and is written down (B80)."""
    window = submission.entry_type.closing()
    if window and window.closes_at and version.submitted_at >= window.closes_at:
        version.late_by = version.submitted_at - window.closes_at
        version.save(update_fields=["late_by"])


def byline(submission: Submission) -> list[dict[str, Any]]:
    """The people on it at this instant, in order, as a version keeps them."""
    if submission.team_id is None:
        told = submission.authors.values("name", "affiliation", "email", "presents", "user_id")
        return list(told)
    seats = submission.team.memberships.select_related("user")
    return [
        {"name": str(seat.user), "affiliation": seat.user.affiliation, "user_id": seat.user_id}
        for seat in seats
    ]


def _second_in(track: Track | None) -> Refused:
    if track is None:
        return Refused(_("Your team has another submission already."), code="submission.exists")
    return Refused(
        _("Your team has another submission in “%(track)s”.") % {"track": track},
        code="submission.exists",
    )


def _refuse_incomplete(submission: Submission) -> None:
    missing = missing_parts(submission)
    if missing:
        raise Refused(
            _("Still missing: %(parts)s.") % {"parts": ", ".join(missing)},
            code="submission.incomplete",
        )


def missing_parts(submission: Submission) -> list[str]:
    """What a submission still needs, in words."""
    kind = submission.entry_type
    fields = [submission._meta.get_field(name) for name in kind.needed]
    missing = [str(f.verbose_name) for f in fields if not getattr(submission, f.name).strip()]  # type: ignore[union-attr]
    answers = submission.answers
    asked = kind.questions.filter(required=True)
    return missing + [str(q) for q in asked if not answers.get(q.slug, "").strip()]


def content_hash(submission: Submission) -> str:
    """SHA-256 of the content and its track, the same for the same text."""
    told = {**submission.content, "track": submission.track_id}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def withdraw(user: User, submission: Submission) -> Submission:
    found = _locked(user, submission)
    found.state = Submission.State.WITHDRAWN
    found.save(update_fields=["state"])
    record(user, "withdraw", found)
    return found


def give_to_read(actor: User | None, submission: Submission, *, to: User) -> Reader:
    """Called by the rooms that decide who reads: a panel that assigns a judge."""
    reader, created = Reader.objects.get_or_create(submission=submission, user=to)
    if created:
        record(actor, "give_to_read", submission, to=to.pk)
    return reader


def take_from_reader(actor: User | None, submission: Submission, *, user: User) -> None:
    deleted, _kinds = Reader.objects.filter(submission=submission, user=user).delete()
    if deleted:
        record(actor, "take_from_reader", submission, reader=user.pk)


def reveal(actor: User, event: Event) -> int:
    """Opens all final submissions of an event to everybody; returns how many. The caller (the room
    that publishes results) has checked who may."""
    record(actor, "reveal", event)
    return Submission.objects.submitted().filter(event=event).update(revealed_at=Now())


def conceal(actor: User, event: Event) -> int:
    record(actor, "conceal", event)
    return Submission.objects.filter(event=event).update(revealed_at=None)
