"""A submission is handed in: versions with receipts, what is still missing, withdrawn, restored."""

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import record
from submissions.entries import authors as people
from submissions.entries import receipts, windows
from submissions.entries.categories import enter, refuse_second, second_in
from submissions.entries.gallery import note_tools
from submissions.entries.locking import locked, refuse_beyond_limits
from submissions.entries.merging import nested
from submissions.entries.models import Decision, Submission, SubmissionVersion, WorkingCopy
from theme.refusal import Refused


@transaction.atomic
def submit(user: User, submission: Submission, *, key: str = "") -> SubmissionVersion:
    """Hands in what is stored now, as a new immutable version; the same text again is the same
    version, so a double click changes nothing (B84). A request sent again with its `key` gets the
    receipt it had (F32)."""
    found = locked(user, submission)
    if key and (version := found.versions.filter(request_key=key).first()):
        return version
    _take_over_copy(found)
    return hand_in(user, found, key=key)


def _take_over_copy(found: Submission) -> None:
    """What saved itself since it was handed in last becomes its text."""
    copy = WorkingCopy.objects.filter(submission=found).first()
    if copy is None or found.state == Submission.State.DRAFT:
        return
    told = nested(copy.content)
    further = told.pop("more_tracks", None)
    for name, value in told.items():
        setattr(found, name, value)
    found.track = copy.track
    found.save()
    if further is not None:
        enter(found, further)
    copy.delete()


def hand_in(user: User | None, found: Submission, *, key: str = "") -> SubmissionVersion:
    """The caller holds the row. `user` is None when the deadline hands in what is complete."""
    _refuse_incomplete(found)
    digest = content_hash(found)
    last = found.versions.first()
    if last and last.sha256 == digest and found.state == Submission.State.SUBMITTED:
        return last
    version = found.versions.create(
        number=last.number + 1 if last else 1,
        content=_kept(found),
        track=found.track,
        authors=people.byline(found),
        sha256=digest,
        submitted_by=user,
        request_key=key,
    )
    found.state, found.submitted_at = Submission.State.SUBMITTED, Now()
    try:
        with transaction.atomic():
            found.save(update_fields=["state", "submitted_at"])
    except IntegrityError:  # it had been withdrawn, and another was written since
        raise second_in(found.track) from None
    record(user, "submit", found, version=version.number, sha256=digest)
    version.refresh_from_db()
    _note_lateness(found, version)
    note_tools(found)
    receipts.send(found, version)
    return version


def _note_lateness(submission: Submission, version: SubmissionVersion) -> None:
    """Within the grace counts, and is written down (B80); time that was granted is not late."""
    closes_at = windows.deadline(submission) if version.submitted_by_id else None
    if closes_at and version.submitted_at >= closes_at:
        version.late_by = version.submitted_at - closes_at
        version.save(update_fields=["late_by"])


def _refuse_incomplete(submission: Submission) -> None:
    missing = missing_parts(submission)
    if missing:
        raise Refused(
            _("Still missing: %(parts)s.") % {"parts": ", ".join(missing)},
            code="submission.incomplete",
        )


def missing_parts(submission: Submission) -> list[str]:
    """What a submission still needs, in words."""
    return [label for label, done in checklist(submission) if not done]


def checklist(submission: Submission) -> list[tuple[str, bool]]:
    """What its type requires, in order, and whether it is there."""
    kind = submission.entry_type
    fields = [submission._meta.get_field(name) for name in kind.needed]
    told = [(str(f.verbose_name), bool(getattr(submission, f.name).strip())) for f in fields]  # type: ignore[union-attr]
    if submission.track_id is None and kind.choosable_tracks().exists():
        told.append((str(_("category")), False))
    answers = submission.answers
    asked = [question for question in kind.questions.all() if question.required]
    return told + [(str(q), bool(answers.get(q.slug, "").strip())) for q in asked]


def _kept(submission: Submission) -> dict[str, Any]:
    """The content with its files: what a version keeps for ever."""
    files = submission.files
    return submission.content | ({"files": files} if files else {})


def content_hash(submission: Submission) -> str:
    """SHA-256 of the content, its files and its track, the same for the same text and bytes."""
    told = {**_kept(submission), "track": submission.track_id}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def withdraw(user: User, submission: Submission) -> Submission:
    """In time; what is decided on (a talk, a poster) also later, because plans change."""
    found = locked(user, submission, late=submission.entry_type.decided)
    found.state = Submission.State.WITHDRAWN
    found.save(update_fields=["state"])
    record(user, "withdraw", found)
    return found


@transaction.atomic
def restore(user: User, submission: Submission) -> Submission:
    """A withdrawn submission is a draft again, with the text it had, also what was saved and not
    handed in; its versions stay."""
    found = locked(user, submission)
    if found.state != Submission.State.WITHDRAWN:
        raise Refused(_("This is not withdrawn."), code="submission.not_withdrawn")
    refuse_beyond_limits(user, found.entry_type, found.team)
    _take_over_copy(found)
    found.state, found.decision = Submission.State.DRAFT, Decision.SUBMITTED
    try:
        with transaction.atomic():
            found.save(update_fields=["state", "decision"])
    except IntegrityError:
        raise second_in(found.track) from None
    refuse_second(found)
    record(user, "restore", found)
    return found
