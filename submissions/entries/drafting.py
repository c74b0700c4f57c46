"""A submission is written: begun, saved by hand, saved by itself, by several people at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Team, Track
from notices.actions import record
from submissions.entries import authors as people
from submissions.entries import rules
from submissions.entries.categories import enter, second_in
from submissions.entries.entry_types import use_default_types
from submissions.entries.handing_in import hand_in
from submissions.entries.locking import (
    closed,
    hold_deadline,
    lock_person,
    locked,
    refuse_beyond_limits,
)
from submissions.entries.merging import Merge, flat, merge, nested
from submissions.entries.models import EntryType, Submission, WorkingCopy
from theme.refusal import Refused


class Conflict(Refused):
    """Somebody else changed the same field; `merge` has both texts."""

    def __init__(self, merged: Merge) -> None:
        super().__init__(
            _(
                "Somebody else of your team saved this submission meanwhile. Your text is still "
                "in the form: compare it with theirs below, then save again."
            ),
            code="submission.conflict",
        )
        self.merge = merged


@transaction.atomic
def create_draft(
    user: User,
    event: Event,
    *,
    track: Track | None = None,
    entry_type: EntryType | None = None,
    authors: Sequence[dict[str, Any]] = (),
    key: str = "",
    **content: Any,
) -> Submission:
    """Begins a submission of `entry_type` (without one: the event's first).

    `authors` are, in order, mappings of Author's fields, where no team is; without any,
    `user` is the author. `key` names the request: sent twice, it makes one draft (F32). Raises
    Refused without a team where one is needed, out of time, in a category that is not for the type,
    or beyond the limits a person or team has.
    """
    kind = entry_type or next(iter(use_default_types(None, event)), None)
    if kind is None or not kind.offered:
        raise Refused(_("This is not handed in at this event."), code="submission.not_offered")
    _refuse_foreign(kind, event, track)
    team = _team_for(user, kind)
    hold_deadline(kind)
    if not rules.is_accepting(kind, user):
        raise closed()
    further = content.pop("more_tracks", ())
    own_key = f"{user.pk}:{key}"[:80] if key else ""
    lock_person(user)
    if own_key and (made := Submission.objects.filter(request_key=own_key).first()):
        return made
    refuse_beyond_limits(user, kind, team)
    told = {"event": event, "entry_type": kind, "team": team, "track": track}
    try:
        with transaction.atomic():
            draft = Submission.objects.create(**told, request_key=own_key, **content)
    except IntegrityError:
        raise second_in(track) from None
    enter(draft, further)
    if team is None:
        people.write(draft, authors or [people.of(user)], own=user)
    record(user, "create_draft", draft)
    return draft


def _team_for(user: User, entry_type: EntryType) -> Team | None:
    if entry_type.belongs_to != EntryType.BelongsTo.TEAM:
        return None
    team = user.teams.filter(event=entry_type.event).first()
    if team is None:
        raise Refused(_("Make or join a team first."), code="submission.no_team")
    return team


def _refuse_foreign(entry_type: EntryType, event: Event, track: Track | None) -> None:
    if entry_type.event_id != event.pk:
        raise Refused(_("Choose one of the types of this event."), code="submission.foreign_type")
    if not rules.may_enter(entry_type, track):
        raise Refused(_("Choose a category of this event."), code="submission.foreign_track")


@transaction.atomic
def save_draft(
    user: User,
    submission: Submission,
    *,
    revision: int,
    track: Track | None = None,
    seen: Mapping[str, str] | None = None,
    **content: Any,
) -> Submission:
    """Stores the text if nobody else stored theirs since `revision` was read (B85).

    With `seen`, marks of what the writer began with (see merging), what others changed in other
    fields is kept beside it. Of a submission that is handed in, this is its next version at once:
    what judges read and what the team has a receipt for never differ.
    """
    found = locked(user, submission)
    merged = _merged(found, flat(content) | {"track": track}, working_values(found), revision, seen)
    if merged.conflicts:
        raise Conflict(merged)
    _refuse_foreign(found.entry_type, found.event, merged.values["track"])
    _store(found, merged.values)
    WorkingCopy.objects.filter(submission=found).delete()
    record(user, "save_draft", found, revision=found.revision)
    if found.state == Submission.State.SUBMITTED:
        hand_in(user, found)
    return found


def _merged(
    found: Submission,
    mine: dict[str, Any],
    stored: dict[str, Any],
    revision: int,
    seen: Mapping[str, str] | None,
) -> Merge:
    """By the marks where there are any: a page that told of a conflict has the newest revision."""
    if not seen and found.revision == revision:
        return Merge(values=mine)
    return merge(mine, stored, seen or {})


def working_values(submission: Submission) -> dict[str, Any]:
    """What a form shows: the copy that saves itself where there is one, else what is stored."""
    stored = flat(submission.content) | {"track": submission.track}
    if submission.state == Submission.State.DRAFT:
        return stored  # only beside what is handed in does a copy stand
    copy = WorkingCopy.objects.filter(submission=submission).first()
    if copy is None:
        return stored
    return {**stored, **copy.content, "track": copy.track}


def _store(found: Submission, values: dict[str, Any]) -> None:
    told = nested(values)
    further = told.pop("more_tracks", None)
    told["answers"] = found.answers | told["answers"]
    for name, value in told.items():
        setattr(found, name, value)
    found.revision += 1
    found.changed_at = Now()
    try:
        with transaction.atomic():
            found.save(update_fields=[*told, "revision", "changed_at"])
    except IntegrityError:
        raise second_in(found.track) from None
    if further is not None:
        enter(found, further)
    found.refresh_from_db(fields=["changed_at"])


@transaction.atomic
def autosave(
    user: User,
    submission: Submission,
    *,
    revision: int,
    seen: Mapping[str, str],
    values: Mapping[str, Any],
) -> tuple[Submission, Merge]:
    """What the page stores by itself every few seconds: the fields in `values`, one by one.

    Fields that others changed too stay as the others saved them and are told in the merge. What is
    handed in stays as it is (B87): of it, this is kept as a working copy until somebody saves.
    """
    found = locked(user, submission)
    stored = working_values(found)
    merged = _merged(found, dict(values), stored, revision, seen)
    if (track := merged.values.get("track")) and track != stored["track"]:
        _refuse_foreign(found.entry_type, found.event, track)
    if all(stored.get(name, "") == value for name, value in merged.values.items()):
        return found, merged  # nothing new: thousands of pages save every few seconds
    if found.state == Submission.State.DRAFT:
        _store(found, merged.values)
    else:
        _keep_copy(user, found, merged.values)
    return found, merged


def _keep_copy(user: User, found: Submission, values: dict[str, Any]) -> None:
    whole = working_values(found) | values
    track = whole.pop("track")
    WorkingCopy.objects.update_or_create(
        submission=found,
        defaults={"content": whole, "track": track, "saved_by": user, "saved_at": Now()},
    )
    Submission.objects.filter(pk=found.pk).update(revision=found.revision + 1)
    found.revision += 1


@transaction.atomic
def discard_changes(user: User, submission: Submission) -> Submission:
    """Back to what is handed in: the copy that saved itself is thrown away."""
    found = locked(user, submission)
    deleted, _kinds = WorkingCopy.objects.filter(submission=found).delete()
    if deleted:
        Submission.objects.filter(pk=found.pk).update(revision=found.revision + 1)
        record(user, "discard_changes", found)
    return found
