"""An assignment before it is made: what each judge would have to read, and what does not work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from judging.panel.balance import Flags, balance
from judging.panel.connect import connect
from judging.panel.pairs import Pairs, read_pairs, separate_panels


@dataclass(frozen=True)
class Load:
    judge: User
    now: int
    more: int
    at_home: int  # of the new ones
    away: bool

    @property
    def total(self) -> int:
        return self.now + self.more


@dataclass(frozen=True)
class Plan:
    """``new`` (submissions, judges): what would be assigned; ``key`` names this very plan."""

    pairs: Pairs
    new: Flags
    reviews: int

    @property
    def count(self) -> int:
        return int(self.new.sum())

    @property
    def key(self) -> str:
        told = np.packbits(self.new).tobytes() + np.packbits(self.pairs.assigned).tobytes()
        names = " ".join([*(str(s.pk) for s in self.pairs.submissions),
                          *(str(j.pk) for j in self.pairs.judges)])  # fmt: skip
        return hashlib.sha256(told + names.encode()).hexdigest()[:16]

    @property
    def loads(self) -> list[Load]:
        pairs, home = self.pairs, self.new & (self.pairs.distance < 5)
        columns = zip(
            pairs.judges, pairs.assigned.sum(axis=0), self.new.sum(axis=0), home.sum(axis=0),
            pairs.away, strict=True,
        )  # fmt: skip
        return [Load(j, int(now), int(m), int(h), bool(a)) for j, now, m, h, a in columns]

    @property
    def problems(self) -> list[str]:
        """Sentences for the organizer; none when all is as wanted."""
        after = replace(self.pairs, assigned=self.pairs.assigned | self.new)
        return [*_short(after, self.reviews), *_apart(after)]


def make_plan(event: Event, *, reviews: int, seed: int = 0) -> Plan:
    """Every submission to so many reviews, loads even, no conflict, by who knows the subject."""
    pairs = read_pairs(event)
    new = np.zeros_like(pairs.allowed)
    if new.size:
        able = pairs.allowed & ~pairs.away
        new = balance(
            able,
            pairs.assigned,
            each=reviews,
            seed=seed,
            distance=pairs.distance,
            room=pairs.room,
        )
        new = connect(new, able, pairs.assigned, room=pairs.room)
    return Plan(pairs, new, reviews)


def _short(after: Pairs, reviews: int) -> Sequence[str]:
    given = after.assigned.sum(axis=1)
    short = [str(s) for s, n in zip(after.submissions, given, strict=True) if n < reviews]
    if not short:
        return []
    more = _(" and %(count)d more") % {"count": len(short) - 12} if len(short) > 12 else ""
    told = {"titles": ", ".join(short[:12]) + more}
    return [_("Too few judges without an interest and with time for: %(titles)s.") % told]


def _apart(after: Pairs) -> Sequence[str]:
    panels = separate_panels(after)
    if len(panels) < 2:
        return []
    named = "; ".join(", ".join(str(judge) for judge in panel) for panel in panels)
    return [
        _("Conflicts of interest keep these judges apart, so that nobody can tell which of them "
          "are strict: %(panels)s. Add a judge who may read on both sides.") % {"panels": named}
    ]  # fmt: skip
