"""Every judge beside every submission: who may read what, and who was given what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accounts.models import User
from events.models import Event
from judging.panel.balance import Flags
from judging.panel.connect import groups
from judging.panel.models import Assignment, Conflict, judges_of
from submissions.entries.models import Author, Submission


@dataclass(frozen=True)
class Pairs:
    """The tables are (submissions, judges)."""

    submissions: Sequence[Submission]
    judges: Sequence[User]
    allowed: Flags  # no conflict
    assigned: Flags  # and that counts

    @property
    def free(self) -> Flags:
        """What could still be assigned."""
        return self.allowed & ~self.assigned


def read_pairs(event: Event) -> Pairs:
    """All that is handed in, in the order of the ranking, beside all judges."""
    submitted = event.submissions.submitted().select_related("event", "team", "track")
    submissions = list(submitted.order_by("track__position", "track_id", "pk"))
    judges = list(judges_of(event))
    row = {submission.pk: place for place, submission in enumerate(submissions)}
    column = {judge.pk: place for place, judge in enumerate(judges)}
    allowed = np.ones((len(row), len(column)), dtype=bool)
    assigned = np.zeros_like(allowed)
    conflicts = Conflict.objects.filter(submission__event=event)
    seats = event.memberships.filter(team__submissions__in=row)
    authors = Author.objects.filter(submission__in=row, user__isnull=False)
    for judge, submission in [
        *conflicts.values_list("judge_id", "submission_id"),
        *seats.values_list("user_id", "team__submissions__pk"),
        *authors.values_list("user_id", "submission_id"),
    ]:
        if judge in column and submission in row:
            allowed[row[submission], column[judge]] = False
    standing = Assignment.objects.of(event).active()
    for judge, submission in standing.values_list("judge_id", "submission_id"):
        assigned[row[submission], column[judge]] = True
    return Pairs(submissions, judges, allowed, assigned)


def separate_panels(event: Event) -> list[list[User]]:
    """Judges in groups that have no submission in common; one group, or none, is as it should be.

    The ranking cannot tell whether one such group is strict or had weaker work to read.
    """
    pairs = read_pairs(event)
    _entries, group = groups(pairs.assigned)
    by_group: dict[int, list[User]] = {}
    for judge, number in zip(pairs.judges, group, strict=True):
        if number >= 0:
            by_group.setdefault(int(number), []).append(judge)
    return list(by_group.values())
