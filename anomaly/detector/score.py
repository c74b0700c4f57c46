"""Reconstruction probability of each row, and each column's part in it.

J. An, S. Cho, 2015, algorithm 4: encode a row, draw from q(z|x), decode each draw to a
distribution, and average how likely the row is under it. Shapes as in `model.py`; n rows in all.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from anomaly.detector.model import Ensemble, kl_to_standard_normal

Floats = NDArray[np.float64]

# Small enough for the processor's cache; memory does not grow with the table.
ROWS_AT_ONCE = {"cpu": 512, "cuda": 16_384}
DECIMALS = 4  # beyond them single precision depends on where in memory a row lies


def log_probability(
    model: Ensemble, x: Tensor, noise: Tensor, expected: Tensor, kl_weight: float
) -> Floats:
    """Each member's log-probability of each row of x (n, w) -> (n, K): low is anomalous.

    E_q(z|x) log p(x|z) - kl_weight KL(q(z|x) || p(z)). A missing cell counts as its column's
    usual value, `expected` (K, c), so that gaps neither help nor hurt.
    """
    out = np.empty((len(x), model.members))
    for part, rows in _chunks(model, x):
        terms, kl = reconstruction_terms(model, rows, noise)
        terms = torch.where(missing_terms(model, rows), expected[:, None, :], terms)
        total = terms.sum(-1) - kl_weight * kl
        out[part] = total.T[: part.stop - part.start].cpu().numpy()
    return np.round(out, DECIMALS)


def shortfall(model: Ensemble, x: Tensor, noise: Tensor, expected: Tensor) -> Floats:
    """How far each term falls short of its usual value, mean over members: (n, w) -> (n, c)."""
    out = np.empty((len(x), model.layout.terms))
    for part, rows in _chunks(model, x):
        terms, _ = reconstruction_terms(model, rows, noise)
        missing = missing_terms(model, rows)
        gap = (expected[:, None, :] - terms).masked_fill(missing, 0.0)
        out[part] = gap.mean(0)[: part.stop - part.start].cpu().numpy()
    return out


def usual_terms(model: Ensemble, x: Tensor, noise: Tensor) -> Tensor:
    """Mean of each observed term over the rows of x (n, w) -> (K, c)."""
    total, count = torch.zeros((), dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for part, rows in _chunks(model, x):
        terms, _ = reconstruction_terms(model, rows, noise)
        seen = ~missing_terms(model, rows)
        seen[part.stop - part.start :] = False
        total = total + (terms * seen).sum(1).double().cpu()
        count = count + seen.sum(0).double().cpu()
    return (total / count.clamp(min=1)).float()


def reconstruction(model: Ensemble, x: Tensor) -> Floats:
    """What the members, on average, would put in each place: (n, w) -> (n, w)."""
    out = np.empty((len(x), model.layout.width))
    with torch.inference_mode():
        for part, rows in _chunks(model, x):
            mean, _ = model.encode(rows.expand(model.members, *rows.shape))
            mean_x = model.decode(mean)[..., : model.layout.width].mean(0)
            out[part] = mean_x[: part.stop - part.start].cpu().numpy()
    return out


@torch.inference_mode()
def reconstruction_terms(model: Ensemble, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """E_q(z|x) log p(x|z), term by term, (K, B, c), and KL(q(z|x) || p(z)), (K, B).

    x (B, w), noise (L, K, 1, z): the same L draws for every row, so that a row's score does not
    depend on the rows beside it.
    """
    x = x.expand(model.members, *x.shape)
    mean, log_sd = model.encode(x)
    if not model.variational:
        return model.log_likelihood(x, model.decode(mean)), torch.zeros_like(mean[..., 0])
    draws = [model.decode(mean + torch.exp(log_sd) * epsilon) for epsilon in noise]
    terms = torch.stack([model.log_likelihood(x, draw) for draw in draws]).mean(0)
    return terms, kl_to_standard_normal(mean, log_sd)


def missing_terms(model: Ensemble, x: Tensor) -> Tensor:
    """(B, w) -> (B, c): which likelihood terms have no observed value."""
    missing = torch.isnan(x)
    parts = [missing[:, : model.layout.gaussian]]
    start = model.layout.gaussian
    for columns, levels in model.layout.blocks:
        end = start + columns * levels
        parts.append(missing[:, start:end:levels])
        start = end
    return torch.cat(parts, dim=1)


def _chunks(model: Ensemble, x: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Rows of x on the model's device, always as many at once, the last part filled up.

    Matrix products of one shape round alike, so a row's score depends little on its neighbours.
    """
    device = model.encoder[0].device
    size = ROWS_AT_ONCE[device.type]
    for start in range(0, len(x), size):
        rows = x[start : start + size].to(device)
        yield slice(start, start + len(rows)), F.pad(rows, (0, 0, 0, size - len(rows)))
