"""Who may write, submit, withdraw, read and decide on a submission."""

from django.db.models.functions import Now

from accounts.models import Viewer
from events.models import Event, Membership, Track
from events.rules import can_run, has_team
from submissions.entries import windows
from submissions.entries.models import TRANSITIONS, Decision, EntryType, Submission
from submissions.entries.models.decision import ORGANIZERS


def is_accepting(entry_type: EntryType, user: Viewer | None = None) -> bool:
    """Is its window open now, by the clock of the database (grace included)? With a `user`, also
    when only they, or somebody of their team, have more time in the event's phase."""
    if EntryType.objects.open().filter(pk=entry_type.pk).exists():
        return True
    return user is not None and windows.has_more_time(user, entry_type)


def is_writable(submission: Submission) -> bool:
    """Is it still time to change this one: its type's window, its own reopening, or the time that
    one of its people was given, which is then the time of all who write it?"""
    if is_accepting(submission.entry_type) or submission.reopenings.open().exists():
        return True
    return windows.extensions(submission).filter(until__gt=Now()).exists()


def is_author(user: Viewer, submission: Submission) -> bool:
    if not (user.is_authenticated and user.is_active):
        return False
    team = submission.team_id
    if team and Membership.objects.filter(user_id=user.pk, team_id=team).exists():
        return True
    return submission.authors.filter(user_id=user.pk).exists()


def can_create(user: Viewer, entry_type: EntryType) -> bool:
    if not (user.is_authenticated and user.is_active and entry_type.offered):
        return False
    return is_accepting(entry_type, user) and not lacks_team(user, entry_type)


def lacks_team(user: Viewer, entry_type: EntryType) -> bool:
    of_teams = entry_type.belongs_to == EntryType.BelongsTo.TEAM
    return of_teams and not has_team(user, entry_type.event)


def can_edit(user: Viewer, submission: Submission) -> bool:
    return is_author(user, submission) and is_writable(submission)


def can_list(user: Viewer, event: Event) -> bool:
    """The organizers' list of all that was handed in."""
    return can_run(user, event)


def may_enter(entry_type: EntryType, track: Track | None) -> bool:
    """Is this a category for the type? None where the type has no categories at all."""
    choosable = entry_type.choosable_tracks()
    return choosable.filter(pk=track.pk).exists() if track else not choosable.exists()


def can_decide(user: Viewer, submission: Submission) -> bool:
    return submission.entry_type.decided and can_run(user, submission.event)


def can_follow(submission: Submission, decision: str) -> bool:
    """Does the table of transitions lead from where it stands to `decision`?"""
    final = submission.state == Submission.State.SUBMITTED
    return final and decision in TRANSITIONS[submission.decision]


def can_move(user: Viewer, submission: Submission, decision: str) -> bool:
    """Organizers accept, waitlist, reject; authors confirm or decline."""
    asked = can_decide if decision in ORGANIZERS else is_author
    return can_follow(submission, decision) and asked(user, submission)


def can_answer(user: Viewer, submission: Submission) -> bool:
    """May this person confirm or decline?"""
    return can_move(user, submission, Decision.CONFIRMED)
