"""Where the equations of the model have their cells: found once for a fit, filled at each step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from judging.ranking.columns import Codes, Floats
from judging.ranking.reviews import Reviews

SMALL = 20_000  # cells of a table that is multiplied faster with its zeros


@dataclass(frozen=True)
class Layout:
    """The entries' (n, q) ties to mu, to their track's level and to the leniency of their judges,
    in the order in which `fill` is handed the cells: n, n, one for each review."""

    order: Codes
    row: Codes
    column: Codes
    start: Codes
    shape: tuple[int, int]

    def fill(self, *cells: Floats) -> Floats:
        """The cells row by row."""
        return np.asarray(np.concatenate(cells)[self.order])

    def table(self, cells: Floats) -> sparse.csr_array:
        """(n, q) of what `fill` answered."""
        return sparse.csr_array((cells, self.column, self.start), shape=self.shape)


def layout(reviews: Reviews) -> Layout:
    """Of mu, T track levels, J leniencies."""
    n = reviews.entries
    row = np.r_[np.arange(n), np.arange(n), reviews.entry]
    column = np.r_[np.zeros(n, int), 1 + reviews.track, 1 + reviews.tracks + reviews.judge]
    order = np.lexsort((column, row))
    start = np.searchsorted(row[order], np.arange(n + 1))
    shape = (n, 1 + reviews.tracks + reviews.judges)
    return Layout(order, row[order], column[order], start, shape)


def product(table: sparse.csr_array, draws: Floats) -> Floats:
    """table (n, q) @ draws (q, d)."""
    dense = table.shape[0] * table.shape[1] <= SMALL
    return np.asarray((table.toarray() if dense else table) @ draws)
