"""What organizers do with submissions, one or many: labels, notes, categories, filters to keep."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Track
from events.rules import can_run
from notices.actions import record
from submissions.entries import rules
from submissions.entries.categories import refuse_second
from submissions.entries.models import Label, Note, SavedFilter, Submission
from theme.refusal import Refused


def _refuse_others(user: User, event: Event, submissions: Iterable[Submission] = ()) -> None:
    if not can_run(user, event):
        raise Refused(_("Only organizers do this."), code="submission.not_yours")
    if any(one.event_id != event.pk for one in submissions):
        raise Refused(_("Choose submissions of this event."), code="submission.foreign")


@transaction.atomic
def label(user: User, event: Event, submissions: list[Submission], *, name: str) -> Label:
    """Puts a label on them, made if there is none of this name."""
    _refuse_others(user, event, submissions)
    if not name.strip() or len(name.strip()) > 40:
        raise Refused(_("Write a label of 1 to 40 characters."), code="label.name")
    made, _new = Label.objects.get_or_create(event=event, name=name.strip())
    made.submissions.add(*submissions)
    record(user, "label", event, name=made.name, submissions=_keys(submissions))
    return made


@transaction.atomic
def unlabel(user: User, event: Event, submissions: list[Submission], *, name: str) -> None:
    """Takes a label off them; one that is on nothing any more is gone."""
    _refuse_others(user, event, submissions)
    found = Label.objects.filter(event=event, name=name.strip()).first()
    if found is None:
        raise Refused(_("There is no label of this name."), code="label.unknown")
    found.submissions.remove(*submissions)
    record(user, "unlabel", event, name=found.name, submissions=_keys(submissions))
    if not found.submissions.exists():
        found.delete()


@transaction.atomic
def move_to_track(user: User, event: Event, submissions: list[Submission], *, track: Track) -> None:
    """Assigns a category; what its authors handed in stays as it is in their versions."""
    _refuse_others(user, event, submissions)
    for one in submissions:
        if not rules.may_enter(one.entry_type, track):
            raise Refused(
                _("“%(title)s” cannot enter “%(track)s”.") % {"title": one, "track": track},
                code="submission.foreign_track",
            )
        was, one.track = one.track_id, track
        try:
            with transaction.atomic():
                one.save(update_fields=["track"])
                one.more_tracks.remove(track)
                refuse_second(one)
        except (IntegrityError, Refused):
            raise Refused(
                _("The team of “%(title)s” has another submission in “%(track)s”.")
                % {"title": one, "track": track},
                code="submission.exists",
            ) from None
        record(user, "move_to_track", one, was=was, to=track.pk)


@transaction.atomic
def write_note(user: User, submission: Submission, *, text: str) -> Note:
    _refuse_others(user, submission.event)
    if not text.strip():
        raise Refused(_("Write something first."), code="note.empty")
    made = submission.notes.create(text=text.strip()[:5_000], written_by=user)
    record(user, "write_note", submission, note=made.pk)
    return made


@transaction.atomic
def keep_filter(user: User, event: Event, *, name: str, query: str) -> SavedFilter:
    """Under the same name the newer filter replaces the older."""
    _refuse_others(user, event)
    if not name.strip() or len(query) > 1_000:
        raise Refused(_("Give the filter a name."), code="filter.name")
    made, _new = SavedFilter.objects.update_or_create(
        event=event, name=name.strip()[:60], defaults={"query": query}
    )
    record(user, "keep_filter", event, name=made.name)
    return made


@transaction.atomic
def drop_filter(user: User, event: Event, *, name: str) -> None:
    _refuse_others(user, event)
    SavedFilter.objects.filter(event=event, name=name).delete()
    record(user, "drop_filter", event, name=name)


def _keys(submissions: Iterable[Submission]) -> list[str]:
    return [str(one.pk) for one in submissions]
