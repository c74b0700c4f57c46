"""How far a new row lies from rows that are taken to be normal: any of them can vouch for it.

Two distances: to the nearest of them (F. Angiulli, C. Pizzuti: Fast outlier detection in high
dimensional spaces, 2002), and to the plane through the twelve nearest, the farther from these the
less of a plane (P. Vincent, Y. Bengio: K-local hyperplane and convex distance nearest neighbor
algorithms, 2001, section 3, with their penalty). The plane knows the directions in which rows vary
here: of two rows equally far away, the one in a direction in which nothing varies is the odder.
Shapes: n rows, M witnesses among those fitted on, w encoded values, k nearest.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anomaly.detector.neighbours import FEW_ROWS, Space, lengths

Floats = NDArray[np.float64]

MOST, VALUES, FEWEST = 20_000, 2**21, 4096  # rows; their values, in wide tables; but as many rows
NEAREST = 12  # that make a plane
GROUP = 8  # in a search, of which only the nearest is looked at first
ROWS_AT_ONCE = 512


def most(width: int) -> int:
    """How many witnesses are called for rows of `width` encoded values."""
    return min(MOST, max(FEWEST, VALUES // max(1, width)))


class Witnesses:
    """`rows` (M, w) encoded rows, NaN where missing, and the `fold` (M,) of each."""

    def __init__(self, rows: Tensor, fold: Tensor) -> None:
        self.rows, self.fold = rows, fold

    @cached_property
    def between(self) -> Floats:
        """Distances of each witness to those of the other folds, (2, M): what is usual."""
        found = np.empty((2, len(self.rows)))
        for f in range(int(self.fold.max()) + 1):
            mine = self.fold == f
            found[:, mine.cpu().numpy()] = self.distances(self.rows[mine], without=f)
        return found

    def distances(self, x: Tensor, *, without: int | None = None) -> Floats:
        """Rows (n, w) -> distance to the nearest witness and to the plane through 12, (2, n).

        `without`: the number of a fold whose witnesses do not count. Few rows are compared in
        double precision: then rounding depends on no other row.
        """
        space = self._spaces[-1 if without is None else without]
        if len(x) <= FEW_ROWS:
            x, space = x.double(), space.double()
        parts = [
            _squared(space, rows.to(self.fold.device)).cpu()
            for rows in torch.split(x, ROWS_AT_ONCE)
        ]
        return lengths(torch.cat(parts, dim=1)) if parts else np.empty((2, 0))

    @cached_property
    def _spaces(self) -> list[Space]:
        """Without each of the folds; the last one is that of all witnesses."""
        space = Space.gather(self.rows)
        folds = range(int(self.fold.max()) + 1)
        return [*(Space(self.rows[self.fold != f], space.usual) for f in folds), space]


def _squared(space: Space, x: Tensor) -> Tensor:
    """(B, w) -> (2, B); taken anew from the nearest rows, since products lose small differences.

    Where a value is missing, the plane is taken to be nearer than the nearest row by as much as
    where values are seen.
    """
    near = space.references[closest(space.squared(x), NEAREST)]
    squares = (x - near[:, 0]).square()
    gaps = torch.isnan(squares)
    seen, missing = squares.nan_to_num(0.0).sum(1), (gaps * space.usual).sum(1)
    to_plane = _to_plane(x, near)
    share = (to_plane / seen).nan_to_num(1.0).clamp(0.0, 1.0)
    return torch.stack([seen + missing, to_plane + share * missing])


def closest(squared: Tensor, count: int) -> Tensor:
    """The numbers of the `count` least of each line, in order, (B, m) -> (B, count).

    They lie in those groups whose least is least, so that most need not be put in order.
    """
    number = squared.shape[1] // GROUP
    if number < GROUP * count:
        return squared.topk(min(count, squared.shape[1]), largest=False).indices
    grouped = squared[:, : GROUP * number].view(len(squared), GROUP, number)
    group = grouped.amin(1).topk(count, largest=False, sorted=False).indices
    steps = number * torch.arange(GROUP, device=squared.device)
    rest = torch.arange(GROUP * number, squared.shape[1], device=squared.device)
    places = torch.cat(
        [(group[:, :, None] + steps).flatten(1), rest.expand(len(squared), -1)], dim=1
    )
    which = squared.gather(1, places).topk(count, largest=False).indices
    return places.gather(1, which)


def _to_plane(x: Tensor, near: Tensor) -> Tensor:
    """Squared distance of x (B, w) to the plane through near (B, k, w), a penalty included: (B,).

    It is the least |x - m - A'c|^2 + s |c|^2 over c, where the k lines of A are the deviations from
    the mean m over the root of k, and s is half the mean over columns of their variance.
    """
    middle = near.nanmean(1, keepdim=True)
    apart = torch.nan_to_num(near - middle, nan=0.0) / near.shape[1] ** 0.5
    gap: Tensor = torch.nan_to_num(x[:, None] - middle, nan=0.0).transpose(1, 2)
    inner, along = apart @ apart.transpose(1, 2), apart @ gap
    diagonal = inner.diagonal(dim1=1, dim2=2)
    diagonal.add_((diagonal.sum(1, keepdim=True) / x.shape[1] / 2).add_(1e-6))
    saved: Tensor = (along * torch.linalg.solve(inner, along)).sum((1, 2))
    return gap.square().sum((1, 2)) - saved
