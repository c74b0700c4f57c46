"""How far a row lies from the rows fitted on: what a network that smooths cannot tell.

New rows are asked for the distance to the nearest row fitted on (F. Angiulli, C. Pizzuti: Fast
outlier detection in high dimensional spaces, 2002). Where the rows fitted on may themselves hold
anomalies, these stand close together and would vouch for each other; so there only the likelier
half of them counts, as the networks judge it, and of that half not the nearest but the fifth
(S. Ramaswamy, R. Rastogi, K. Shim: Efficient algorithms for mining outliers, 2000).
Shapes: n rows, M references among those fitted on, w encoded values, F folds.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]

FEW_ROWS, ROWS_AT_ONCE = 512, 1024
RANK = 5  # of the neighbour that speaks, where rows may vouch for each other


class Neighbours:
    """`references` (M, w) encoded rows, NaN where missing; `fold` (M,); `likely` (M,) numbers.

    `usual` (w,) is by how much (squared) neighbours differ in each place; it stands in where a
    value is missing, so that gaps neither help nor hurt.
    """

    def __init__(self, references: Tensor, fold: Tensor, likely: Tensor, usual: Tensor) -> None:
        self.references, self.fold, self.likely, self.usual = references, fold, likely, usual
        self.folds = [torch.nonzero(fold == f)[:, 0] for f in range(int(fold.max()) + 1)]

    @classmethod
    def gather(cls, references: Tensor, fold: Tensor, likelihood: Tensor) -> Neighbours:
        """`likelihood` (M,) of each reference, higher for likelier ones."""
        likely = likelihood.argsort(descending=True, stable=True)[: max(2, len(fold) // 2)]
        self = cls(references, fold, likely.sort().values, torch.zeros_like(references[0]))
        some = references[:FEW_ROWS]
        squared = self._squared(some).fill_diagonal_(torch.inf)
        between = (some - references[squared.argmin(dim=1)]).square()
        return cls(references, fold, self.likely, between.nanmean(0).nan_to_num(0.0))

    def distances(
        self, x: Tensor, *, own: NDArray[np.int64] | None = None, suspect: bool = False
    ) -> tuple[Floats, Floats]:
        """Rows (n, w) -> distance to the nearest reference of each fold, (n, F).

        If `suspect`, also to the fifth of the likely ones, (n,). `own` (n,): the number of the
        reference that is this very row, and must not count; -1 for none.
        """
        if len(x) <= FEW_ROWS and self.references.dtype == torch.float32:
            return self._double.distances(x.double(), own=own, suspect=suspect)
        nearest, likely = [], []
        for start in range(0, len(x), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            squared = self._squared(x[part].to(self.references.device))
            if own is not None:
                rows = np.flatnonzero(own[part] >= 0)
                squared[rows, own[part][rows]] = torch.inf
            nearest.append(torch.stack([squared[:, fold].amin(1) for fold in self.folds], dim=1))
            if suspect:
                likely.append(self._fifth(squared[:, self.likely]))
        return _lengths(nearest), _lengths(likely) if suspect else np.empty(0)

    def _fifth(self, squared: Tensor) -> Tensor:
        rank = min(RANK, squared.shape[1] - 1)
        return squared.topk(rank, largest=False).values[:, -1]

    @cached_property
    def _double(self) -> Neighbours:
        """For few rows: then rounding depends on no neighbour in the batch."""
        return Neighbours(self.references.double(), self.fold, self.likely, self.usual.double())

    @cached_property
    def _terms(self) -> tuple[Tensor, Tensor, Tensor]:
        """-2 r, r^2 - u and 1 where reference r is observed, 0 elsewhere; u is `usual`; (w, M)."""
        observed = (~torch.isnan(self.references)).to(self.references.dtype).T.contiguous()
        r = torch.nan_to_num(self.references, nan=0.0).T.contiguous()
        return -2 * r, r.square() - observed * self.usual[:, None], observed

    @cached_property
    def _complete(self) -> Tensor | None:
        """Squared lengths of the references, (1, M), if none has gaps."""
        whole = not torch.isnan(self.references).any()
        return self.references.square().sum(1)[None] if whole else None

    def _squared(self, x: Tensor) -> Tensor:
        """Squared distances, (B, M): of what both have observed, plus `usual` for the rest."""
        cross, square, observed = self._terms
        seen, x = ~torch.isnan(x), torch.nan_to_num(x, nan=0.0)
        if self._complete is not None and bool(seen.all()):
            return torch.addmm(self._complete, x, cross).add_(x.square().sum(1, keepdim=True))
        lengths = seen.to(x.dtype) @ square + x.square() @ observed
        return torch.addmm(lengths, x, cross).add_(self.usual.sum())


def _lengths(squared: list[Tensor]) -> Floats:
    return np.asarray(torch.cat(squared).clamp(min=0).sqrt().double().cpu().numpy())
