"""Who may see, write, publish and propose for an idea, and write to its mentors."""

from accounts.models import User, Viewer
from events.models import Event, Role
from events.rules import can_run, has_role
from submissions.entries.models import EntryType, Submission
from submissions.entries.rules import is_accepting, is_author, is_writable
from submissions.ideas.models import Idea, Mentor


def is_mentor(user: Viewer, idea: Idea) -> bool:
    """Named as its mentor, and still a mentor of the event."""
    named = idea.mentors.filter(user_id=user.pk).exists()
    return named and has_role(user, idea.event, Role.Kind.MENTOR, *Role.RUNNING)


def can_write(user: Viewer, event: Event) -> bool:
    """Begin an idea: organizers, and mentors, who are the first of its mentors then."""
    return has_role(user, event, Role.Kind.MENTOR, *Role.RUNNING)


def can_edit(user: Viewer, idea: Idea) -> bool:
    return can_run(user, idea.event) or is_mentor(user, idea)


def can_publish(user: Viewer, idea: Idea) -> bool:
    """What stands in the list is the organizers' decision."""
    return can_run(user, idea.event)


def can_count(user: Viewer, idea: Idea) -> bool:
    """How many propose for it: nobody else may know how many rivals there are."""
    return can_edit(user, idea)


def can_mentor(user: User, event: Event) -> bool:
    return has_role(user, event, Role.Kind.MENTOR, *Role.RUNNING)


def proposal_type(event: Event) -> EntryType | None:
    """What a proposal of this event is; the first, if there are several."""
    return event.entry_types.filter(kind=EntryType.Kind.PROPOSAL).first()


def can_propose(user: Viewer, idea: Idea) -> bool:
    """Not for an idea that one mentors oneself."""
    kind = proposal_type(idea.event)
    signed_in = user.is_authenticated and user.is_active
    mentors = Mentor.objects.filter(idea=idea, user_id=user.pk).exists()
    return bool(signed_in and idea.published and kind and is_accepting(kind) and not mentors)


def can_choose(user: Viewer, submission: Submission) -> bool:
    """Its author, while it is a draft and there is time."""
    draft = submission.state == Submission.State.DRAFT
    proposal = submission.entry_type.kind == EntryType.Kind.PROPOSAL
    return draft and proposal and is_author(user, submission) and is_writable(submission)


def can_ask(user: Viewer, idea: Idea) -> bool:
    """Whoever is signed in, while the event is under way and somebody can be reached."""
    asks = user.is_authenticated and user.is_active
    live = idea.published and idea.event.state == Event.State.PUBLISHED
    return bool(asks and live and idea.mentors.filter(user__is_active=True).exists())
