"""Who is sent what: a balanced assignment as one minimum-cost flow. Plain NumPy and OR-Tools.

Submissions send their reviews to judges (one unit along each allowed pair), judges pass them on
along arcs of growing cost, so that the cheapest way is an even one. The network has whole
capacities, so its optimum is whole; OR-Tools' SimpleMinCostFlow (cost-scaling push-relabel, A. V.
Goldberg, "An Efficient Implementation of a Scaling Minimum-Cost Flow Algorithm", 1997) finds it and
proves it optimal. Nothing is left out of the network, also at 3,000 submissions by 1,500 judges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
SHORT, UNEVEN = 10_000_000, 1_000  # the price of a review not given, and of a judge's next review
JITTER = 8  # among equals by chance, so that judges meet in all combinations and can be compared
NO_LIMIT = 1_000_000


def balance(
    allowed: Flags,
    assigned: Flags,
    *,
    each: int,
    seed: int = 0,
    distance: Whole | None = None,
    room: Whole | None = None,
    load: Whole | None = None,
) -> Flags:
    """New assignments (n, J) that bring each submission to `each` reviews where possible.

    `allowed` (n, J): no conflict; `assigned` (n, J): stays as it is and counts in the loads, which
    come out as even as can be. Among equally even ones that with the least `distance` (n, J), from
    0 (an expert) up to 10, otherwise a random one (by `seed`). `room` (J,): how many more a judge
    takes; `load` (J,) what a judge has already, if that is more than `assigned` shows.

    Raises ValueError if `each` is below 1, RuntimeError should the solver fail.
    """
    if each < 1:
        raise ValueError("Each submission needs at least one review.")
    need = np.maximum(each - assigned.sum(axis=1), 0)
    free = allowed & ~assigned & (need > 0)[:, None]
    entry, judge = np.nonzero(free)
    found: Flags = np.zeros_like(free)
    if not len(entry):
        return found
    cost = np.random.default_rng(seed).integers(0, JITTER, len(entry))
    if distance is not None:
        cost += 2 * JITTER * distance[entry, judge]
    limit = np.full(free.shape[1], NO_LIMIT) if room is None else np.maximum(room, 0)
    load = assigned.sum(axis=0) if load is None else load
    chosen = _solve(entry, judge, cost, need, load, limit)
    found[entry[chosen], judge[chosen]] = True
    return found


def _solve(
    entry: Whole, judge: Whole, cost: Whole, need: Whole, load: Whole, limit: Whole
) -> Flags:
    """Which of the pairs carry a review, (pairs,)."""
    n, judges = len(need), len(load)
    sink = n + judges
    who, price, capacity = _steps(load, limit, int(need.sum()))
    short = np.flatnonzero(need)
    tail = np.concatenate([entry, n + who, short])
    head = np.concatenate([n + judge, np.full(len(who) + len(short), sink)])
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        tail,
        head,
        np.concatenate([np.ones(len(entry), int), capacity, need[short]]),
        np.concatenate([cost, price, np.full(len(short), SHORT)]),
    )
    flow.set_nodes_supplies(np.arange(n), need)
    flow.set_node_supply(sink, -int(need.sum()))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise RuntimeError(f"The assignment was not solved: {status}.")
    return np.asarray(flow.flows(np.arange(len(entry))) > 0)


def _steps(load: Whole, limit: Whole, wanted: int) -> tuple[Whole, Whole, Whole]:
    """(judge, price, capacity) of the arcs out of the judges: each next review costs more.

    As far as twice the even load one arc a review, from there on one arc for all the rest.
    """
    even = int(np.ceil((load.sum() + wanted) / len(load)))
    span = np.maximum(2 * even + 4 - load, 1)
    steps = np.minimum(span, limit)
    who = np.repeat(np.arange(len(load)), steps)
    first = np.repeat(np.cumsum(steps) - steps, steps)
    price = UNEVEN * (np.repeat(load, steps) + np.arange(len(who)) - first)
    rest = np.flatnonzero(limit > span)
    beyond = UNEVEN * 2 * (load[rest] + span[rest] + 1)
    return (
        np.concatenate([who, rest]),
        np.concatenate([price, beyond]),
        np.concatenate([np.ones(len(who), int), np.minimum(limit - span, wanted)[rest]]),
    )
