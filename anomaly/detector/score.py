"""Reconstruction probability of each row, and each column's part in it.

J. An, S. Cho, 2015, algorithm 4: encode a row, draw from q(z|x), decode each draw to a
distribution, and average how likely the row is under it. Shapes as in `model.py`; n rows in all.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from anomaly.detector.model import Ensemble

Floats = NDArray[np.float64]

# Small enough for the processor's cache; memory does not grow with the table.
ROWS_AT_ONCE = {"cpu": 512, "cuda": 16_384}


class Evidence:
    """What the score of a row is made of, once the networks are trained.

    `noise` (L, K, 1, z): the same draws for every row, so that a row's score depends on that row
    alone. `usual` (K, c): each term's mean over rows fitted on, which stands in for missing cells
    so that gaps neither help nor hurt.
    """

    def __init__(self, model: Ensemble, noise: Tensor, usual: Tensor) -> None:
        self.model, self.noise, self.usual = model, noise, usual

    @classmethod
    def gather(cls, model: Ensemble, sample: Tensor, noise: Tensor) -> Evidence:
        """From some of the rows fitted on, (m, w)."""
        return cls(model, noise, _usual_terms(model, sample, noise))

    def of(self, members: list[int]) -> Evidence:
        """What some of the members say."""
        return Evidence(self.model.of(members), self.noise[:, members], self.usual[members])

    @torch.inference_mode()
    def surprise(self, x: Tensor) -> Floats:
        """Rows (n, w) -> negative log-probabilities by each member, in nats, (K, n)."""
        if len(x) <= ROWS_AT_ONCE["cpu"] and self.noise.dtype == torch.float32:
            return self._double.surprise(x.double())
        parts = [self._surprise(rows) for _, rows in _chunks(self.model, x)]
        return np.concatenate(parts, axis=1)[:, : len(x)].astype(np.float64)

    @cached_property
    def _double(self) -> Evidence:
        """In double precision: few rows cost little, and then rounding depends on no neighbour."""
        model = copy.deepcopy(self.model).double()
        return Evidence(model, self.noise.double(), self.usual.double())

    def _surprise(self, x: Tensor) -> NDArray[Any]:
        terms = reconstruction_terms(self.model, x, self.noise).sum(-1)
        missing = missing_terms(self.model, x)
        if missing.any():
            terms = terms + self.usual @ missing.to(x.dtype).T
        return terms.neg_().cpu().numpy()

    def shortfall(self, x: Tensor) -> Floats:
        """How far each term falls short of its usual value, mean over members: (n, w) -> (n, c)."""
        parts = []
        for _, rows in _chunks(self.model, x):
            terms = reconstruction_terms(self.model, rows, self.noise)
            gap = self.usual[:, None, :] - terms
            gap = gap.masked_fill(missing_terms(self.model, rows), 0.0)
            parts.append(gap.mean(0).double().cpu().numpy())
        return np.concatenate(parts)[: len(x)]

    @torch.inference_mode()
    def reconstruction(self, x: Tensor) -> Floats:
        """What the members, on average, would put in each place: (n, w) -> (n, w)."""
        parts = []
        for _, rows in _chunks(self.model, x):
            mean, _ = self.model.encode(rows.expand(self.model.members, *rows.shape))
            decoded = self.model.decode(mean)[..., : self.model.layout.width]
            parts.append(decoded.mean(0).double().cpu().numpy())
        return np.concatenate(parts)[: len(x)]


@torch.inference_mode()
def reconstruction_terms(model: Ensemble, x: Tensor, noise: Tensor) -> Tensor:
    """E_q(z|x) log p(x|z), term by term, (K, B, c)."""
    x = x.expand(model.members, *x.shape)
    mean, log_sd = model.encode(x)
    if not model.variational:
        return model.log_likelihood(x, model.decode(mean))
    sd = torch.exp(log_sd)
    draws = [model.log_likelihood(x, model.decode(mean + sd * epsilon)) for epsilon in noise]
    return torch.stack(draws).mean(0)


def missing_terms(model: Ensemble, x: Tensor) -> Tensor:
    """(B, w) -> (B, c): which likelihood terms have no observed value."""
    missing = torch.isnan(x)
    parts = [missing[:, : model.layout.gaussian]]
    for block, _, levels in model.layout.slices():
        parts.append(missing[:, block][:, ::levels])
    return torch.cat(parts, dim=1)


def _usual_terms(model: Ensemble, x: Tensor, noise: Tensor) -> Tensor:
    """Mean of each observed term over the rows of x (n, w) -> (K, c)."""
    total = torch.zeros(model.members, len(missing_terms(model, x[:1])[0]), device=noise.device)
    count = torch.zeros_like(total[0])
    for part, rows in _chunks(model, x):
        terms = reconstruction_terms(model, rows, noise)
        seen = ~missing_terms(model, rows)
        seen[len(x) - part.start :] = False  # rows that only fill up the last part
        total += (terms * seen).sum(1)
        count += seen.sum(0)
    return total / count.clamp(min=1)


def _chunks(model: Ensemble, x: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Rows of x on the model's device, always as many at once, the last part filled up.

    Matrix products of one shape round alike, so a row's score depends little on its neighbours.
    """
    device = model.encoder[0].device
    size = ROWS_AT_ONCE[device.type]
    for start in range(0, len(x), size):
        rows = x[start : start + size].to(device)
        yield slice(start, start + size), F.pad(rows, (0, 0, 0, size - len(rows)))
