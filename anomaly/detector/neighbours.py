"""How far a row lies from the rows fitted on: what a network that smooths cannot tell.

New rows are asked for the distance to the nearest row fitted on (F. Angiulli, C. Pizzuti: Fast
outlier detection in high dimensional spaces, 2002). Where the rows fitted on may themselves hold
anomalies, these stand close together, would vouch for each other and stretch the scales; so there
only the likelier half of them counts, as the networks judge it, and two distances are taken: to
the fifth nearest of them (S. Ramaswamy, R. Rastogi, K. Shim: Efficient algorithms for mining
outliers, 2000), columns on a scale that wild values do not move, and to the nearest one of a few,
drawn again and again (M. Sugiyama, K. Borgwardt: Rapid distance-based outlier detection via
sampling, 2013). Shapes: n rows, M references among those fitted on, w encoded values, F folds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]

FEW_ROWS, ROWS_AT_ONCE = 512, 1024
RANK = 5  # of the neighbour that speaks, where rows may vouch for each other
DRAWS, DRAWN = 32, 16  # how often rows are drawn, and how many at a time
LEAST_SPREAD, FARTHEST = 0.1, 10.0  # of a column, in standard deviations; of a value, in spreads


class Space:
    """Squared distances to `references` (m, w), NaN where missing.

    `usual` (w,) is by how much (squared) neighbours differ in each place; it stands in where a
    value is missing, so that gaps neither help nor hurt.
    """

    def __init__(self, references: Tensor, usual: Tensor) -> None:
        self.references, self.usual = references, usual

    @classmethod
    def gather(cls, references: Tensor) -> Space:
        some = references[:FEW_ROWS]
        all_seen = cls(references, torch.zeros_like(references[0]))
        squared = all_seen.squared(some).fill_diagonal_(torch.inf)
        between = (some - references[squared.argmin(dim=1)]).square()
        return cls(references, between.nanmean(0).nan_to_num(0.0))

    def double(self) -> Space:
        return Space(self.references.double(), self.usual.double())

    def squared(self, x: Tensor) -> Tensor:
        """(B, w) -> (B, m): what both have observed, plus `usual` for the rest."""
        cross, square, observed = self._terms
        seen, x = ~torch.isnan(x), torch.nan_to_num(x, nan=0.0)
        if self._complete is not None and bool(seen.all()):
            return torch.addmm(self._complete, x, cross).add_(x.square().sum(1, keepdim=True))
        lengths = seen.to(x.dtype) @ square + x.square() @ observed
        return torch.addmm(lengths, x, cross).add_(self.usual.sum())

    @cached_property
    def _terms(self) -> tuple[Tensor, Tensor, Tensor]:
        """-2 r, r^2 - u and 1 where reference r is observed, 0 elsewhere; u is `usual`; (w, m)."""
        observed = (~torch.isnan(self.references)).to(self.references.dtype).T.contiguous()
        r = torch.nan_to_num(self.references, nan=0.0).T.contiguous()
        return -2 * r, r.square() - observed * self.usual[:, None], observed

    @cached_property
    def _complete(self) -> Tensor | None:
        """Squared lengths of the references, (1, m), if none has gaps."""
        whole = not torch.isnan(self.references).any()
        return self.references.square().sum(1)[None] if whole else None


Spaces = tuple[Space, Space, Space]  # all references; the drawn ones; the likely ones, rescaled


class Neighbours:
    """`references` (M, w) encoded rows in order of their `fold` (M,), the first one's foremost.

    `likely` (m,) numbers of the likelier half of them, `drawn` (DRAWS, few) numbers of likely ones;
    the first `numeric` places of a row are numbers, the rest levels.
    """

    def __init__(
        self, numeric: int, references: Tensor, fold: Tensor, likely: Tensor, drawn: Tensor
    ) -> None:
        self.references, self.fold, self.likely, self.drawn = references, fold, likely, drawn
        self.place = torch.full_like(fold, -1)  # of each reference among the likely ones
        self.place[likely] = torch.arange(len(likely), device=fold.device)
        self.middle, self.spread = _robust_scale(references, numeric)
        plain = Space.gather(references)
        few = Space(references[drawn.flatten()], plain.usual)
        self.spaces = (plain, few, Space.gather(self._rescaled(references[likely])))

    @classmethod
    def gather(
        cls,
        references: Tensor,
        fold: Tensor,
        likelihood: Tensor,
        *,
        numeric: int,
        generator: torch.Generator,
    ) -> Neighbours:
        """`likelihood` (M,) of each reference, higher for likelier ones."""
        order = likelihood.argsort(descending=True, stable=True)
        likely = order[: max(2, len(fold) // 2)].sort().values
        draws = [torch.randperm(len(likely), generator=generator)[:DRAWN] for _ in range(DRAWS)]
        drawn = likely[torch.stack(draws).to(likely.device)]
        return cls(numeric, references, fold, likely, drawn)

    def nearest(self, x: Tensor, *, own: NDArray[np.int64] | None = None) -> Floats:
        """Rows (n, w) -> distance to the nearest reference of each fold, (F, n).

        `own` (n,): the number of the reference that is this very row, and must not count; -1 for
        none.
        """
        return self._lengths(self._squared_nearest, x, own)

    def to_likely(self, x: Tensor, *, own: NDArray[np.int64] | None = None) -> Floats:
        """Rows (n, w) -> distance to the fifth of the likely references, and to few, (2, n)."""
        return self._lengths(self._squared_likely, x, own)

    def _squared_nearest(self, spaces: Spaces, x: Tensor, own: Tensor) -> list[Tensor]:
        squared = _without(spaces[0].squared(x), own)
        sizes = self.fold.bincount().tolist()
        return [part.amin(1) for part in torch.split(squared, sizes, dim=1)]

    def _squared_likely(self, spaces: Spaces, x: Tensor, own: Tensor) -> list[Tensor]:
        itself = self.drawn.flatten() == own[:, None]
        few = spaces[1].squared(x).masked_fill_(itself, torch.inf).view(-1, *self.drawn.shape)
        of_few = few.amin(2).clamp_(min=0).sqrt_().mean(1)
        place = self.place[own].where(own >= 0, -1)
        robust = _without(spaces[2].squared(self._rescaled(x)), place)
        rank = min(RANK, robust.shape[1] - 1)
        return [robust.topk(rank, largest=False).values[:, -1], of_few.square_()]

    def _lengths(
        self,
        squared: Callable[[Spaces, Tensor, Tensor], list[Tensor]],
        x: Tensor,
        own: NDArray[np.int64] | None,
    ) -> Floats:
        """Many rows at a time; few rows in double precision: rounding depends on no other row."""
        device, spaces, parts = self.fold.device, self.spaces, []
        if len(x) <= FEW_ROWS:
            x, spaces = x.double(), self._double
        own = np.full(len(x), -1) if own is None else own
        for start in range(0, len(x), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            found = squared(spaces, x[part].to(device), torch.from_numpy(own[part]).to(device))
            parts.append(torch.stack(found).cpu())
        return np.asarray(torch.cat(parts, dim=1).clamp_(min=0).sqrt_().double().numpy())

    @cached_property
    def _double(self) -> Spaces:
        plain, few, robust = (space.double() for space in self.spaces)
        return plain, few, robust

    def _rescaled(self, x: Tensor) -> Tensor:
        return ((x - self.middle) / self.spread).clamp(-FARTHEST, FARTHEST)


def _robust_scale(x: Tensor, numeric: int) -> tuple[Tensor, Tensor]:
    """Median and interquartile range of each place, (w,) each; 0 and 1 for levels."""
    ordered, last = x.sort(dim=0).values, (~torch.isnan(x)).sum(0).sub(1).clamp(min=0)
    places = torch.stack([(last * share).round().long() for share in (0.25, 0.5, 0.75)])
    low, middle, high = ordered.gather(0, places).nan_to_num(0.0)
    spread = (high - low).clamp(min=LEAST_SPREAD)
    middle[numeric:], spread[numeric:] = 0.0, 1.0
    return middle, spread


def _without(squared: Tensor, own: Tensor) -> Tensor:
    """No row is its own neighbour: the reference numbered `own` (B,) is far, if that is one."""
    rows = torch.nonzero(own >= 0)[:, 0]
    squared[rows, own[rows]] = torch.inf
    return squared
