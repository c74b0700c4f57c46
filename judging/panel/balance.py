"""Who is sent what: a balanced assignment as one linear programme. Plain NumPy and SciPy.

The constraint matrix is that of a bipartite flow (each variable stands in one row of a submission
and one of a judge), hence totally unimodular, and the optimum the simplex finds is whole (A. J.
Hoffman, J. B. Kruskal, 1956). HiGHS solves it to proven optimality.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Flags = NDArray[np.bool_]
SHORT, UNEVEN = 1e6, 1e3  # the price of a review not given, and of one above or below even


def balance(allowed: Flags, assigned: Flags, *, each: int, seed: int = 0) -> Flags:
    """New assignments (n, J) that bring each submission to `each` reviews where possible.

    `allowed` (n, J): no conflict; `assigned` (n, J): stays as it is and counts in the loads, which
    come out as even as can be. Among equally even ones a random one (by `seed`), so that judges
    meet in all combinations and can be compared. Raises ValueError if `each` is below 1.
    """
    if each < 1:
        raise ValueError("Each submission needs at least one review.")
    free = allowed & ~assigned
    need = np.maximum(each - assigned.sum(axis=1), 0)
    entry, judge = np.nonzero(free)
    if not len(entry):
        return np.zeros_like(free)
    judges = free.shape[1]
    load = assigned.sum(axis=0)
    level = (load.sum() + np.minimum(need, free.sum(axis=1)).sum()) / judges
    solved = optimize.linprog(
        A_eq=_flows(entry, judge, free.shape),
        b_eq=np.concatenate([need, np.ceil(level) - load]),
        method="highs-ds",
        **_prices(len(entry), free.shape, seed),
    )
    chosen = solved.x[: len(entry)] > 0.5
    found = np.zeros_like(free)
    found[entry[chosen], judge[chosen]] = True
    return found


def _flows(
    entry: NDArray[np.intp], judge: NDArray[np.intp], shape: tuple[int, int]
) -> sparse.csr_array:
    """The equations over the columns pairs, short (n), spare, under, over (J each):

    for each submission  pairs + short = need
    for each judge       pairs + spare + under - over = even load, rounded up, less what stands
    """
    count, (n, judges) = len(entry), shape
    ones, column = np.ones(count), np.arange(count)
    rows = sparse.csr_array((ones, (entry, column)), shape=(n, count))
    columns = sparse.csr_array((ones, (judge, column)), shape=(judges, count))
    eye = sparse.eye_array(judges)
    blocks = [
        [rows, sparse.eye_array(n), None, None, None],
        [columns, None, eye, eye, -eye],
    ]
    return sparse.block_array(blocks, format="csr")


def _prices(count: int, shape: tuple[int, int], seed: int) -> dict[str, Any]:
    """Costs and bounds of the same columns; one below the even load (spare) costs nothing."""
    n, judges = shape
    jitter = np.random.default_rng(seed).random(count)
    short, uneven = np.full(n, SHORT), np.full(2 * judges, UNEVEN)
    cost = np.concatenate([jitter, short, np.zeros(judges), uneven])
    upper = np.full(len(cost), np.inf)
    upper[:count] = upper[count + n : count + n + judges] = 1
    return {"c": cost, "bounds": np.column_stack([np.zeros_like(upper), upper])}
