"""Assigning everything at once, and mending it when a judge drops out."""

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.panel import rules
from judging.panel.actions import lock
from judging.panel.balance import balance
from judging.panel.conflicts import note_found
from judging.panel.models import Assignment
from judging.panel.pairs import Pairs, read_pairs
from judging.panel.planning import Plan, make_plan
from notices.actions import record
from submissions.entries.actions import give_many_to_read, take_from_reader
from theme.refusal import Refused

Reason = Assignment.Reason


@transaction.atomic
def plan_all(user: User, event: Event, *, reviews: int, seed: int = 0) -> Plan:
    """What `assign_all` would do, to be looked at first; conflicts that can be found are noted."""
    if not rules.can_set_up(user, event):
        raise Refused(_("Only organizers set up the panel."), code="panel.not_yours")
    lock(event)
    note_found(user, event)
    plan = make_plan(event, reviews=reviews, seed=seed)
    if not plan.new.size:
        raise Refused(
            _("There must be a judge and a submission before anything can be assigned."),
            code="assignment.nothing",
        )
    return plan


@transaction.atomic
def assign_all(
    user: User, event: Event, *, reviews: int, seed: int = 0, key: str = ""
) -> list[Assignment]:
    """Brings every submission to so many reviews, loads even, no conflicts; what stands, stays.

    Judges come out connected where that is possible, if need be by a few reviews more: `connect`.
    With the `key` of a plan that was looked at, this very plan or none is carried out.
    """
    plan = plan_all(user, event, reviews=reviews, seed=seed)
    if key and key != plan.key:
        raise Refused(
            _("Judges or submissions have changed since you looked: look at the new plan first."),
            code="assignment.changed",
        )
    return _carry_out(user, event, plan, Reason.EVEN)


def _carry_out(user: User, event: Event, plan: Plan, reason: Assignment.Reason) -> list[Assignment]:
    """The tables hold what `assign` would ask for each pair; one entry in the audit trail."""
    submissions, judges = plan.pairs.submissions, plan.pairs.judges
    chosen = [(submissions[row], judges[column]) for row, column in np.argwhere(plan.new)]
    Assignment.objects.bulk_create(
        [Assignment(judge=j, submission=s, created_by=user, reason=reason) for s, j in chosen],
        ignore_conflicts=True,  # one that was withdrawn from counting, as a former judge's
    )
    give_many_to_read(chosen)
    told = [[str(s.pk), j.pk] for s, j in chosen]
    record(user, "assign_all", event, reason=reason.value, assigned=told)
    made = Assignment.objects.of(event).filter(judge__in={j for _s, j in chosen})
    wanted = {(s.pk, j.pk) for s, j in chosen}
    return [a for a in made if (a.submission_id, a.judge_id) in wanted]


@transaction.atomic
def replace_judge(user: User, event: Event, *, judge: User, seed: int = 0) -> list[Assignment]:
    """A judge drops out: what he has not submitted goes to others, everything else stays.

    Submitted sheets count as before; each submission gets back as many reviews as it loses.
    """
    if not rules.can_set_up(user, event):
        raise Refused(_("Only organizers set up the panel."), code="panel.not_yours")
    lock(event)
    theirs = Assignment.objects.of(event).active().filter(judge=judge)
    open_ = list(theirs.filter(~Q(ballot__state="submitted")).select_related("submission"))
    if not open_:
        raise Refused(
            _("%(judge)s has nothing left to read.") % {"judge": judge}, code="assignment.nothing"
        )
    note_found(user, event)
    plan = _without(read_pairs(event), judge, {a.submission_id for a in open_}, seed)
    for assignment in open_:
        take_from_reader(user, assignment.submission, user=judge)
    # A draft that was begun keeps its row, but nobody waits for it.
    begun = [a.pk for a in open_ if hasattr(a, "ballot")]
    Assignment.objects.filter(pk__in=[a.pk for a in open_]).exclude(pk__in=begun).delete()
    Assignment.objects.filter(pk__in=begun).update(dropped=True)
    record(user, "replace_judge", event, judge=judge.pk, open=len(open_))
    return _carry_out(user, event, plan, Reason.REPAIR)


def _without(pairs: Pairs, judge: User, lost: set[object], seed: int) -> Plan:
    """One more review, by somebody else, for each submission that loses one; nothing else."""
    rows = np.array([s.pk in lost for s in pairs.submissions])
    able = pairs.free[rows]
    able[:, pairs.judges.index(judge)] = False
    new = np.zeros_like(pairs.allowed)
    new[rows] = balance(
        able,
        np.zeros_like(able),
        each=1,
        seed=seed,
        distance=pairs.distance[rows],
        room=pairs.room,
        load=pairs.assigned.sum(axis=0),
    )
    return Plan(pairs, new, reviews=0)
