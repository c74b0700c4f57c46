"""Who sets up the panel, who may judge what, and what an organizer with an interest may not see."""

from django.db import models
from django.db.models import Q

from accounts.models import User, Viewer
from events.models import Event, Phase, Track
from events.rules import can_run, is_judge, is_open
from judging.panel.models import Conflict, Panel
from submissions.entries.models import Submission, SubmissionQuerySet
from submissions.entries.rules import is_author


def can_set_up(user: Viewer, event: Event) -> bool:
    return can_run(user, event)


def can_change_criteria(user: Viewer, event: Event) -> bool:
    """Until judging opens: what judges were asked must not change under them."""
    return can_run(user, event) and not is_open(event, Phase.Kind.JUDGING)


def has_conflict(judge: Viewer, submission: Submission) -> bool:
    noted = Conflict.objects.standing().filter(judge_id=judge.pk, submission=submission)
    return is_author(judge, submission) or noted.exists()


def can_judge(judge: User, submission: Submission) -> bool:
    return is_judge(judge, submission.event) and not has_conflict(judge, submission)


def can_declare(user: Viewer, submission: Submission, judge: User) -> bool:
    """A judge for oneself, an organizer for every judge; not about work one has a hand in."""
    own = user.pk == judge.pk and is_judge(judge, submission.event)
    return own or (can_run(user, submission.event) and not has_conflict(user, submission))


def can_lift(user: Viewer, conflict: Conflict) -> bool:
    """An organizer without an interest, what the site found or an organizer noted; what a judge
    says of himself stands."""
    mine = conflict.judge_id == user.pk or conflict.source == Conflict.Source.JUDGE
    free = can_run(user, conflict.event) and not has_conflict(user, conflict.submission)
    return free and not mine


def has_interest(user: Viewer, track: Track | None) -> bool:
    """Whoever has work in a track, or a conflict, neither sees nor decides its places. Outside all
    tracks there are no places."""
    return track is not None and track in hidden_tracks(user, track.event)


def hidden_tracks(user: Viewer, event: Event) -> list[Track]:
    """Those of whose judging this organizer is told nothing before the results are public: where
    there is an interest, and where whatever competes with it competes, too."""
    noted = Conflict.objects.standing().filter(judge_id=user.pk).values("submission")
    own = Submission.objects.own(user).submitted().values("pk")
    mine = event.submissions.filter(Q(pk__in=own) | Q(pk__in=noted))
    if not mine.exists():
        return []
    rivals = event.submissions.submitted().in_tracks(_entered(mine))
    return list(_entered(rivals) | _entered(mine))


def _entered(submissions: SubmissionQuerySet) -> models.QuerySet[Track]:
    entered = Q(submissions__in=submissions) | Q(also_entered__in=submissions)
    return Track.objects.filter(entered).distinct()


def judges_now(user: Viewer, event: Event) -> bool:
    """Who judges stays independent while judging runs, an organizer too."""
    return is_judge(user, event) and is_open(event, Phase.Kind.JUDGING) and not is_frozen(event)


def is_frozen(event: Event) -> bool:
    return Panel.objects.filter(event=event, frozen_at__isnull=False).exists()
