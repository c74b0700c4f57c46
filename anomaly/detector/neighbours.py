"""How far a row lies from the rows fitted on: what a network that smooths cannot tell.

Where the rows fitted on may themselves hold anomalies, these stand close together, would vouch for
each other and stretch the scales. So only the likelier half of the rows counts, as the networks
judge it, and two distances are taken: to the fifth nearest of them (S. Ramaswamy, R. Rastogi,
K. Shim: Efficient algorithms for mining outliers, 2000), columns on a scale that wild values do not
move, and to the nearest one of a few, drawn again and again (M. Sugiyama, K. Borgwardt: Rapid
distance-based outlier detection via sampling, 2013). Where they are known to be normal:
`witnesses.py`. Shapes: n rows, M references among those fitted on, w encoded values.
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
        seen, x = ~torch.isnan(x), torch.nan_to_num(x, nan=0.0)
        if self._complete is not None and bool(seen.all()):
            length = x.square().sum(1, keepdim=True)
            return torch.addmm(self._complete, x, self._cross).add_(length)
        square, observed = self._terms
        lengths = seen.to(x.dtype) @ square + x.square() @ observed
        return torch.addmm(lengths, x, self._cross).add_(self.usual.sum())

    @cached_property
    def _cross(self) -> Tensor:
        """-2 r where reference r is observed, 0 elsewhere, (w, m)."""
        return torch.nan_to_num(self.references, nan=0.0).T.contiguous().mul_(-2)

    @cached_property
    def _terms(self) -> tuple[Tensor, Tensor]:
        """r^2 - u and 1 where reference r is observed, 0 elsewhere; u is `usual`; (w, m)."""
        observed = (~torch.isnan(self.references)).to(self.references.dtype).T.contiguous()
        return self._cross.square() / 4 - observed * self.usual[:, None], observed

    @cached_property
    def _complete(self) -> Tensor | None:
        """Squared lengths of the references, (1, m), if none has gaps."""
        whole = not torch.isnan(self.references).any()
        return self.references.square().sum(1)[None] if whole else None


Spaces = tuple[Space, Space]  # of the drawn ones; of the likely ones, rescaled


class Neighbours:
    """`references` (M, w) encoded rows.

    `likely` (m,) numbers of the likelier half of them, `drawn` (DRAWS, few) numbers of likely ones;
    the first `numeric` places of a row are numbers, the rest levels.
    """

    def __init__(self, numeric: int, references: Tensor, likely: Tensor, drawn: Tensor) -> None:
        self.references, self.likely, self.drawn = references, likely, drawn
        # Of each reference among the likely ones:
        self.place = torch.full((len(references),), -1, device=references.device)
        self.place[likely] = torch.arange(len(likely), device=references.device)
        self.middle, self.spread = _robust_scale(references, numeric)
        few = Space(references[drawn.flatten()], Space.gather(references).usual)
        self.spaces = (few, Space.gather(self._rescaled(references[likely])))

    @classmethod
    def gather(
        cls,
        references: Tensor,
        likelihood: Tensor,
        *,
        numeric: int,
        generator: torch.Generator,
    ) -> Neighbours:
        """`likelihood` (M,) of each reference, higher for likelier ones."""
        order = likelihood.argsort(descending=True, stable=True)
        likely = order[: max(2, len(order) // 2)].sort().values
        draws = [torch.randperm(len(likely), generator=generator)[:DRAWN] for _ in range(DRAWS)]
        drawn = likely[torch.stack(draws).to(likely.device)]
        return cls(numeric, references, likely, drawn)

    def to_likely(self, x: Tensor, *, own: NDArray[np.int64] | None = None) -> Floats:
        """Rows (n, w) -> distance to the fifth of the likely references, and to few, (2, n).

        `own` (n,): the number of the reference that is this very row, and must not count; -1 for
        none. Few rows in double precision: then rounding depends on no other row.
        """
        device, spaces, parts = self.place.device, self.spaces, []
        if len(x) <= FEW_ROWS:
            x, spaces = x.double(), self._double
        own = np.full(len(x), -1) if own is None else own
        for start in range(0, len(x), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            own_here = torch.from_numpy(own[part]).to(device)
            parts.append(self._squared(spaces, x[part].to(device), own_here).cpu())
        return lengths(torch.cat(parts, dim=1))

    def _squared(self, spaces: Spaces, x: Tensor, own: Tensor) -> Tensor:
        few, robust = spaces
        itself = self.drawn.flatten() == own[:, None]
        to_drawn = few.squared(x).masked_fill_(itself, torch.inf).view(-1, *self.drawn.shape)
        of_few = to_drawn.amin(2).clamp_(min=0).sqrt_().mean(1)
        place = self.place[own].where(own >= 0, -1)
        to_likely = _without(robust.squared(self._rescaled(x)), place)
        rank = min(RANK, to_likely.shape[1] - 1)
        fifth = to_likely.topk(rank, largest=False).values[:, -1]
        return torch.stack([fifth, of_few.square_()])

    @cached_property
    def _double(self) -> Spaces:
        few, robust = (space.double() for space in self.spaces)
        return few, robust

    def _rescaled(self, x: Tensor) -> Tensor:
        return ((x - self.middle) / self.spread).clamp(-FARTHEST, FARTHEST)


def lengths(squared: Tensor) -> Floats:
    return np.asarray(squared.clamp_(min=0).sqrt_().double().numpy())


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
