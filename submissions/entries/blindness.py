"""Who reads a submission without being told who wrote it.

A type is read blind, or a later room says that an event is (a panel that judges blind). Such a room
registers its question here, so that every page asks the same one.
"""

from collections.abc import Callable, Iterable

from accounts.models import Viewer
from events.models import Event
from events.rules import can_run
from submissions.entries.models import Reader, Submission
from submissions.entries.rules import is_author

_asked: list[Callable[[Event], bool]] = []


def register(is_blind: Callable[[Event], bool]) -> None:
    """Called in `ready` of the room that knows it."""
    _asked.append(is_blind)


def is_blind(submission: Submission) -> bool:
    """Is it hidden from those it is given to read?"""
    return submission.entry_type.blind or any(asked(submission.event) for asked in _asked)


def reads_blind(user: Viewer, submission: Submission) -> bool:
    """Is this person one of those? Not its authors, nor who runs the event."""
    given = submission.readers.filter(user_id=user.pk).exists() and is_blind(submission)
    return given and not (is_author(user, submission) or can_run(user, submission.event))


def nameless(user: Viewer, submissions: Iterable[Submission]) -> set[object]:
    """The keys of those that this person reads blind, so that a list does not name their authors
    either."""
    listed = {one.pk: one for one in submissions}
    given = Reader.objects.filter(user_id=user.pk, submission__in=listed)
    keys = given.values_list("submission_id", flat=True)
    return {key for key in keys if reads_blind(user, listed[key])}
