"""Judges who can be compared: one connected graph of judges and the submissions they share.

Severity can only be told from quality along a path judge - submission - judge (J. A. Eccleston,
A. Hedayat, "On the Theory of Connected Designs", 1974). `connect` mends an assignment in two ways.
Where one of two reviews lies on a cycle of its own group, the two swap judges: loads stay as they
are. Where none does, or conflicts forbid it, a review is added, or two by a judge who has none yet.
So what comes out is connected whenever the pairs without a conflict are. (`balance` leaves no
submission without a review that may have one, so a path between two groups has no other middle.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from judging.panel.balance import Flags, Whole

Codes = NDArray[np.int32]


def groups(pairs: Flags) -> tuple[Codes, Codes]:
    """(of submissions (n,), of judges (J,)): the group of each, -1 for who has no review."""
    n = len(pairs)
    _count, label = csgraph.connected_components(
        sparse.block_array([[None, sparse.csr_array(pairs)], [sparse.csr_array(pairs.T), None]]),
        directed=False,
    )
    return (
        np.where(pairs.any(axis=1), label[:n], -1),
        np.where(pairs.any(axis=0), label[n:], -1),
    )


def connect(new: Flags, allowed: Flags, assigned: Flags, *, room: Whole | None = None) -> Flags:
    """The new assignments (n, J), changed so that all who review are connected, if possible.

    ``assigned`` stays as it is; ``allowed`` (n, J) are the pairs without a conflict; ``room`` (J,)
    is how many a judge takes beside what stands.
    """
    new = new.copy()
    while (joint := _joint(new, allowed, assigned, room)) is not None:
        for entry, judge in joint:
            new[entry, judge] = ~new[entry, judge]
    return new


def _joint(
    new: Flags, allowed: Flags, assigned: Flags, room: Whole | None
) -> list[tuple[int, int]] | None:
    """The pairs to change so that there is a group less; None where there is one, or no way."""
    entries, judges = groups(new | assigned)
    if len(np.unique(judges[judges >= 0])) < 2:
        return None
    crossing = allowed & (entries[:, None] != judges) & (entries[:, None] >= 0) & (judges >= 0)
    left = np.full(new.shape[1], 2) if room is None else room - new.sum(axis=0)
    return (
        _swap(new, crossing, entries, judges, assigned)
        or _added(crossing & (left > 0), (new | assigned).sum(axis=0))
        or _added_by_idle(allowed & (left > 1), entries, judges)
    )


def _swap(
    new: Flags, crossing: Flags, entries: Codes, judges: Codes, assigned: Flags
) -> list[tuple[int, int]] | None:
    """Two new reviews of different groups, one of them not a bridge, that change judges."""
    pairs = np.argwhere(new)
    cyclic = _with_cycles(new | assigned, entries, judges)
    for entry, judge in pairs[cyclic[entries[pairs[:, 0]]]]:
        # Who may take this entry, and whose entries this judge may take in exchange.
        others = pairs[crossing[entry, pairs[:, 1]] & crossing[pairs[:, 0], judge]]
        others = others[entries[others[:, 0]] == judges[others[:, 1]]]
        if len(others) and not _is_bridge(new | assigned, entry, judge):
            other, giver = others[0]
            return [(entry, judge), (other, giver), (entry, giver), (other, judge)]
    return None


def _with_cycles(pairs: Flags, entries: Codes, judges: Codes) -> Flags:
    """Whether each group, by its number, has more reviews than a tree."""
    nodes = np.concatenate([entries[entries >= 0], judges[judges >= 0]])
    reviews = np.bincount(entries[np.nonzero(pairs)[0]], minlength=nodes.max() + 1)
    return np.asarray(reviews >= np.bincount(nodes))


def _is_bridge(pairs: Flags, entry: int, judge: int) -> bool:
    """Whether the group would fall apart without this review."""
    without = pairs.copy()
    without[entry, judge] = False
    entries, judges = groups(without)
    return bool(entries[entry] != judges[judge] or entries[entry] < 0)


def _added(crossing: Flags, load: NDArray[np.intp]) -> list[tuple[int, int]] | None:
    """One more review, by the judge with the fewest who can join two groups."""
    able = np.flatnonzero(crossing.any(axis=0))
    if not len(able):
        return None
    judge = able[np.argmin(load[able])]
    return [(int(np.flatnonzero(crossing[:, judge])[0]), int(judge))]


def _added_by_idle(allowed: Flags, entries: Codes, judges: Codes) -> list[tuple[int, int]] | None:
    """Two more reviews, by a judge without any who may read in two groups."""
    for judge in np.flatnonzero(judges < 0):
        able = np.flatnonzero(allowed[:, judge] & (entries >= 0))
        other = able[entries[able] != entries[able[0]]] if len(able) else able
        if len(other):
            return [(int(able[0]), int(judge)), (int(other[0]), int(judge))]
    return None
