"""What people do with a submission: draft, save, submit, withdraw; give it to somebody to read."""

import hashlib
import json
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.actions import hold_phase
from events.models import Event, Phase, Track
from events.rules import has_team
from notices.actions import record
from submissions.entries import rules
from submissions.entries.models import Reader, Submission, SubmissionVersion
from theme.refusal import Refused


def _refuse_unless_open(event: Event) -> None:
    hold_phase(event, Phase.Kind.SUBMISSION)
    if not rules.is_accepting(event):
        raise Refused(
            _("Submissions are closed. Your draft is kept as you saved it last."),
            code="deadline.passed",
        )


def _locked(user: User, submission: Submission) -> Submission:
    """The row, locked, if this person may write to it."""
    found = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if not rules.is_author(user, found):
        raise Refused(_("Only the team can change its submission."), code="submission.not_yours")
    _refuse_unless_open(found.event)
    return found


@transaction.atomic
def create_draft(user: User, event: Event, *, track: Track, **content: str) -> Submission:
    """Raises Refused without a team, out of time, or if the team has one in this track."""
    if not has_team(user, event):
        raise Refused(_("Make or join a team first."), code="submission.no_team")
    _refuse_unless_open(event)
    _refuse_foreign(track, event)
    team = user.teams.get(event=event)
    try:
        with transaction.atomic():
            draft = Submission.objects.create(event=event, team=team, track=track, **content)
    except IntegrityError:
        raise Refused(
            _("Your team has a submission in “%(track)s” already; edit that one.")
            % {"track": track},
            code="submission.exists",
        ) from None
    record(user, "create_draft", draft)
    return draft


def _refuse_foreign(track: Track, event: Event) -> None:
    if track.event_id != event.pk:
        raise Refused(_("Choose a category of this event."), code="submission.foreign_track")


@transaction.atomic
def save_draft(
    user: User, submission: Submission, *, revision: int, track: Track, **content: str
) -> Submission:
    """Stores the text if nobody else stored theirs since `revision` was read (B85).

    Of a submission that is handed in, this is its next version at once: what judges read and what
    the team has a receipt for never differ.
    """
    found = _locked(user, submission)
    _refuse_foreign(track, found.event)
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
    return version


def _second_in(track: Track) -> Refused:
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
    fields = [submission._meta.get_field(name) for name in Submission.NEEDED]
    return [str(f.verbose_name) for f in fields if not getattr(submission, f.name).strip()]  # type: ignore[union-attr]


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
    """Opens all final submissions of an event to everybody; returns how many. The caller (the room
    that publishes results) has checked who may."""
    record(actor, "reveal", event)
    return Submission.objects.submitted().filter(event=event).update(revealed_at=Now())


def conceal(actor: User, event: Event) -> int:
    record(actor, "conceal", event)
    return Submission.objects.filter(event=event).update(revealed_at=None)
