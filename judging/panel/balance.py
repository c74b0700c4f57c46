"""Who is sent what: a balanced assignment as one linear programme. Plain NumPy and SciPy.

The constraint matrix is that of a bipartite flow (each variable stands in one row of a submission
and one of a judge), hence totally unimodular, and the optimum the simplex finds is whole (A. J.
Hoffman, J. B. Kruskal, 1956). HiGHS solves it to proven optimality.
"""

from __future__ import annotations

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
    n, judges = free.shape
    load = assigned.sum(axis=0)
    level = (load.sum() + np.minimum(need, free.sum(axis=1)).sum()) / judges
    pairs = len(entry)
    rows = sparse.csr_array((np.ones(pairs), (entry, np.arange(pairs))), shape=(n, pairs))
    columns = sparse.csr_array((np.ones(pairs), (judge, np.arange(pairs))), shape=(judges, pairs))
    eye_n, eye_j = sparse.eye_array(n), sparse.eye_array(judges)
    # pairs + short = need;  load + pairs + under - over = (whole level): under within one is free
    equal = sparse.block_array(
        [
            [rows, eye_n, None, None, None],
            [columns, None, eye_j, eye_j, -eye_j],
        ],
        format="csr",
    )
    jitter = np.random.default_rng(seed).random(pairs)
    short, uneven = np.full(n, SHORT), np.full(2 * judges, UNEVEN)
    cost = np.concatenate([jitter, short, np.zeros(judges), uneven])
    upper = np.full(len(cost), np.inf)
    upper[:pairs] = upper[pairs + n : pairs + n + judges] = 1
    solved = optimize.linprog(
        cost,
        A_eq=equal,
        b_eq=np.concatenate([need, np.ceil(level) - load]),
        bounds=np.column_stack([np.zeros_like(upper), upper]),
        method="highs-ds",
    )
    chosen = solved.x[:pairs] > 0.5
    found = np.zeros_like(free)
    found[entry[chosen], judge[chosen]] = True
    return found
