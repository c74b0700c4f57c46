"""What was accepted comes into the programme: talks become sessions, posters become posters."""

from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.entries.models import Decision, EntryType, Submission
from submissions.programme.actions.schedule import changed, hold
from submissions.programme.models import Contributor, Poster, Session


@dataclass
class BroughtIn:
    sessions: int = 0
    posters: int = 0
    without_category: list[str] = field(default_factory=list)


@transaction.atomic
def bring_in(user: User | None, event: Event) -> BroughtIn:
    """Makes sessions and posters of accepted and confirmed submissions that have none yet.

    Authors come along in their order. Who has confirmed the submission need not confirm again.
    """
    told, programme = BroughtIn(), hold(user, event)
    kinds = (EntryType.Kind.TALK, EntryType.Kind.POSTER)
    waiting = Submission.objects.accepted().of_kind(*kinds).filter(event=event)
    waiting = waiting.filter(sessions=None, posters=None).select_related("track", "entry_type")
    for submission in waiting.prefetch_related("authors"):
        thing = _made_of(submission, told)
        if thing is not None:
            _name_authors(thing, submission)
    if told.sessions or told.posters:
        changed(programme)
        record(user, "bring_in", event, sessions=told.sessions, posters=told.posters)
    return told


def _made_of(submission: Submission, told: BroughtIn) -> Session | Poster | None:
    own = {
        "event": submission.event,
        "submission": submission,
        "title": submission.title,
        "abstract": submission.description or submission.summary,
        "track": submission.track,
    }
    if submission.entry_type.kind == EntryType.Kind.TALK:
        told.sessions += 1
        return Session.objects.create(**own)
    if submission.track is None:
        told.without_category.append(submission.title)
        return None
    told.posters += 1
    links = {
        "video_url": submission.video_url,
        "code_url": submission.repository_url,
        "paper_url": submission.paper_url,
    }
    return Poster.objects.create(**own, **links)


def _name_authors(thing: Session | Poster, submission: Submission) -> None:
    own = {"session" if isinstance(thing, Session) else "poster": thing}
    sure = submission.decision == Decision.CONFIRMED
    Contributor.objects.bulk_create(
        Contributor(
            **own,
            user=author.user,
            name=author.name,
            affiliation=author.affiliation,
            position=author.position,
            confirmed_at=submission.submitted_at if sure and author.user else None,
        )
        for author in submission.authors.all()
    )
