"""How far judging is: numbers of sheets and what judges have raised, without a score."""

from typing import Any

from django.db.models import Avg, Count, Q

from accounts.models import Viewer
from events.models import Event
from judging.ballots.models import Ballot, Flag, Skip
from judging.panel.models import Assignment, AssignmentQuerySet, judges_of
from judging.panel.rules import hidden_tracks, judges_now

MANY = 3  # times that nobody was there


def shown_to(user: Viewer, event: Event) -> AssignmentQuerySet:
    """The assignments of which an organizer is told: not of categories of an interest, and, to one
    who judges as well, not those that were sent because of how the ranking stood."""
    found = Assignment.objects.of(event).active()
    if hidden := hidden_tracks(user, event):
        found = found.exclude(submission__track__in=hidden)
    if judges_now(user, event):
        found = found.exclude(reason__in=Assignment.ADAPTIVE)
    return found


def counts(user: Viewer, event: Event) -> tuple[int, int]:
    """(submitted, assigned) score sheets of which this organizer is told."""
    found = shown_to(user, event)
    return found.filter(ballot__state=Ballot.State.SUBMITTED).count(), found.count()


def overview(user: Viewer, event: Event) -> dict[str, Any]:
    found = shown_to(user, event)
    here = Q(assignments__in=found)
    done = Q(assignments__ballot__state=Ballot.State.SUBMITTED)
    judges = judges_of(event).annotate(
        given=Count("assignments", filter=here, distinct=True),
        done=Count("assignments", filter=here & done, distinct=True),
        seconds=Avg("assignments__ballot__seconds", filter=here & done),
    )
    for judge in judges:
        judge.minutes = round(judge.seconds / 60, 1) if judge.seconds else "–"  # type: ignore[attr-defined]
    submitted, given = counts(user, event)
    return {
        "judges": judges,
        "done": submitted,
        "given": given,
        "flags": _flags(user, event),
        "absent": _absent(user, event),
        "words": _words(found),
        "partly": bool(hidden_tracks(user, event)),
    }


def _flags(user: Viewer, event: Event) -> list[Flag]:
    raised = Flag.objects.filter(assignment__submission__event=event, settled_at__isnull=True)
    shown = raised.exclude(assignment__submission__track__in=hidden_tracks(user, event))
    return list(shown.select_related("assignment__judge", "assignment__submission__event"))


def _absent(user: Viewer, event: Event) -> list[tuple[str, int]]:
    """(title, times) of what judges found nobody at, again and again."""
    gone = Skip.objects.filter(assignment__in=shown_to(user, event), reason=Skip.Reason.ABSENT)
    rows = gone.values_list("assignment__submission__title").annotate(times=Count("pk"))
    return [(title, times) for title, times in rows if times >= MANY]


def _words(found: AssignmentQuerySet) -> list[Ballot]:
    """What judges wrote to the organizers."""
    written = Ballot.objects.filter(assignment__in=found).exclude(to_organizers="")
    return list(written.select_related("assignment__judge", "assignment__submission__event"))
