"""Every judge beside every submission: who may read what, who was given what, who knows what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from accounts.models import User
from events.models import Event
from judging.panel.balance import NO_LIMIT, Flags, Whole
from judging.panel.connect import groups
from judging.panel.interests import authors
from judging.panel.models import Assignment, Conflict, Expertise, judges_of
from submissions.entries.models import Submission


@dataclass(frozen=True)
class Pairs:
    """The tables are (submissions, judges)."""

    submissions: Sequence[Submission]
    judges: Sequence[User]
    allowed: Flags  # no conflict, and not given back
    assigned: Flags  # and that counts
    away: Flags  # (judges,)
    room: Whole  # (judges,) how many more a judge takes on
    distance: Whole  # 0 where the judge is at home, up to 10

    def rows(self, submissions: Sequence[Submission]) -> Whole:
        """Where each stands in the tables."""
        place = {submission.pk: row for row, submission in enumerate(self.submissions)}
        return np.array([place[submission.pk] for submission in submissions], dtype=int)

    @property
    def free(self) -> Flags:
        """What could still be assigned."""
        return self.allowed & ~self.assigned & ~self.away & (self.room > 0)


def read_pairs(event: Event) -> Pairs:
    """All that is handed in, in the order of the ranking, beside all judges."""
    related = ("event", "team", "track", "entry_type")
    submitted = event.submissions.submitted().select_related(*related)
    submissions = list(
        submitted.prefetch_related("more_tracks").order_by("track__position", "track_id", "pk")
    )
    judges = list(judges_of(event))
    row = {submission.pk: place for place, submission in enumerate(submissions)}
    column = {judge.pk: place for place, judge in enumerate(judges)}
    allowed = np.ones((len(row), len(column)), dtype=bool)
    assigned = np.zeros_like(allowed)
    noted = Conflict.objects.standing().filter(submission__event=event)
    own = [(user, submission) for submission, user in authors(event)]
    back = Assignment.objects.of(event).filter(dropped=True)
    for judge, submission in [
        *noted.values_list("judge_id", "submission_id"),
        *back.values_list("judge_id", "submission_id"),
        *own,
    ]:
        if judge in column and submission in row:
            allowed[row[submission], column[judge]] = False
    standing = Assignment.objects.of(event).active()
    for judge, submission in standing.values_list("judge_id", "submission_id"):
        assigned[row[submission], column[judge]] = True
    told = {e.judge_id: e for e in event.expertises.prefetch_related("tracks")}
    known = [told.get(judge.pk) for judge in judges]
    return Pairs(
        submissions,
        judges,
        allowed,
        assigned,
        away=np.array([bool(e and e.is_away(timezone.localdate())) for e in known], dtype=bool),
        room=_room(known, assigned),
        distance=_distance(submissions, known),
    )


def _room(known: Sequence[Expertise | None], assigned: Flags) -> Whole:
    most = [NO_LIMIT if e is None or e.capacity is None else e.capacity for e in known]
    return np.asarray(np.maximum(np.array(most, dtype=int) - assigned.sum(axis=0), 0))


def _distance(submissions: Sequence[Submission], known: Sequence[Expertise | None]) -> Whole:
    """From 0, track and subject are the judge's, up to 10, neither is; 5 if nothing was told."""
    found = np.full((len(submissions), len(known)), 5)
    texts = [f"{s.title} {s.summary} {s.description}".casefold() for s in submissions]
    tracks = [{track.pk for track in s.categories} for s in submissions]
    for column, expertise in enumerate(known):
        if expertise is None:
            continue
        home = {track.pk for track in expertise.tracks.all()}
        subjects = expertise.subjects
        if not home and not subjects:
            continue
        by_track = np.array([bool(home & entered) for entered in tracks], dtype=bool)
        by_word = np.array([any(word in text for word in subjects) for text in texts], dtype=bool)
        share = (6, 4) if home and subjects else (10, 10)
        found[:, column] = 10 - share[0] * by_track - share[1] * by_word
    return np.asarray(found)


def separate_panels(pairs: Pairs) -> list[list[User]]:
    """Judges in groups that have no submission in common; one group, or none, is as it should be.

    The ranking cannot tell whether one such group is strict or had weaker work to read.
    """
    _entries, group = groups(pairs.assigned)
    by_group: dict[int, list[User]] = {}
    for judge, number in zip(pairs.judges, group, strict=True):
        if number >= 0:
            by_group.setdefault(int(number), []).append(judge)
    return list(by_group.values())
