"""Reconstruction probability of each row, and each column's part in it.

J. An, S. Cho, 2015, algorithm 4: encode a row, draw from q(z|x), decode each draw to a
distribution, and average how likely the row is under it. Beside it stand two more questions to the
same networks, which it cannot answer: is the row's code itself usual (the KL term of the evidence
lower bound), and do the codes of other rows explain the row (a mixture over training codes instead
of the prior: J. M. Tomczak, M. Welling, VAE with a VampPrior, 2018; S. Norouzi, D. J. Fleet,
M. Norouzi, Exemplar VAE, 2020)? Shapes as in `model.py`; n rows in all, m exemplars, T terms.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from anomaly.detector.model import Ensemble, kl_to_standard_normal

Floats = NDArray[np.float64]

# Small enough for the processor's cache; memory does not grow with the table.
ROWS_AT_ONCE = {"cpu": 512, "cuda": 16_384}
WIDEN = 2.0  # an exemplar speaks for its neighbourhood, not for itself alone


class Evidence:
    """What the score of a row is made of, once the networks are trained.

    `noise` (L, K, 1, z): the same draws for every row, so that a row's score depends on that row
    alone. `exemplars` (K, m) numbers of training rows, `codes` (K, m, z) their posterior means.
    `usual` (K, c): each term's mean over those rows, which stands in for missing cells so
    that gaps neither help nor hurt.
    """

    def __init__(
        self, model: Ensemble, noise: Tensor, exemplars: Tensor, codes: Tensor, usual: Tensor
    ) -> None:
        self.model, self.noise, self.exemplars = model, noise, exemplars
        self.codes, self.usual = codes, usual

    @classmethod
    def gather(cls, model: Ensemble, x: Tensor, exemplars: Tensor, noise: Tensor) -> Evidence:
        """From the training rows x (n, w)."""
        with torch.inference_mode():
            codes, _ = model.encode(x[exemplars.cpu()].to(noise.device))
        sample = x[exemplars.flatten().cpu()]  # enough for means, however large the table
        return cls(model, noise, exemplars, codes, _usual_terms(model, sample, noise))

    @torch.inference_mode()
    def surprise(self, x: Tensor, *, training: bool = False) -> Floats:
        """Rows (n, w) -> T = 3 negative log-probabilities in nats, (T, K, n); 1 for autoencoders.

        If the rows are those trained on, in their order, no row counts as its own exemplar.
        """
        if len(x) <= ROWS_AT_ONCE["cpu"] and self.noise.dtype == torch.float32:
            return self._double.surprise(x.double(), training=training)
        parts = [
            self._surprise(rows, part.start, training) for part, rows in _chunks(self.model, x)
        ]
        return np.concatenate(parts, axis=2)[:, :, : len(x)]

    @cached_property
    def _double(self) -> Evidence:
        """In double precision: few rows cost little, and then rounding depends on no neighbour."""
        model = copy.deepcopy(self.model).double()
        noise, codes, usual = (t.double() for t in (self.noise, self.codes, self.usual))
        return Evidence(model, noise, self.exemplars, codes, usual)

    def _surprise(self, x: Tensor, first: int, training: bool) -> Floats:
        terms, kl = reconstruction_terms(self.model, x, self.noise)
        missing = missing_terms(self.model, x)
        filling = self.usual @ missing.to(x.dtype).T  # (K, B)
        terms = -terms.sum(-1) - filling
        if not self.model.variational:
            return terms[None].cpu().numpy()
        nearest = exemplar_log_probability(self.model, x, self.codes)
        if training:
            rows = torch.arange(first, first + len(x), device=x.device)
            nearest.masked_fill_(self.exemplars[:, None, :] == rows[None, :, None], -math.inf)
        others = -torch.logsumexp(nearest, dim=-1) - filling
        return torch.stack([terms, kl, others]).cpu().numpy()

    def shortfall(self, x: Tensor) -> Floats:
        """How far each term falls short of its usual value, mean over members: (n, w) -> (n, c)."""
        parts = []
        for _, rows in _chunks(self.model, x):
            terms, _ = reconstruction_terms(self.model, rows, self.noise)
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
def reconstruction_terms(model: Ensemble, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """E_q(z|x) log p(x|z), term by term, (K, B, c), and KL(q(z|x) || p(z)), (K, B)."""
    x = x.expand(model.members, *x.shape)
    mean, log_sd = model.encode(x)
    if not model.variational:
        return model.log_likelihood(x, model.decode(mean)), torch.zeros_like(mean[..., 0])
    draws = [model.decode(mean + torch.exp(log_sd) * epsilon) for epsilon in noise]
    terms = torch.stack([model.log_likelihood(x, draw) for draw in draws]).mean(0)
    return terms, kl_to_standard_normal(mean, log_sd)


def exemplar_log_probability(model: Ensemble, x: Tensor, codes: Tensor) -> Tensor:
    """log p(x | code), for rows (B, w) and codes (K, m, z) -> (K, B, m).

    The quadratic form of a Gaussian and the choice of a level are both linear in x, x^2 and
    "is observed", so that all pairs of rows and codes cost one matrix multiply.
    """
    g = model.layout.gaussian
    decoded = model.decode(codes)
    mean, log_sd = decoded[..., :g], model.log_sd(decoded) + math.log(WIDEN)
    precision = torch.exp(-2 * log_sd)
    constant = -0.5 * mean.square() * precision - log_sd - 0.5 * math.log(2 * math.pi)
    logits = model.log_levels(decoded)
    observed = (~torch.isnan(x[:, :g])).to(x.dtype)
    if observed.all():  # then "is observed" is one number, not one a column
        observed, constant = torch.ones_like(x[:, :1]), constant.sum(-1, keepdim=True)
    weights = torch.cat([-0.5 * precision, mean * precision, constant, logits], dim=-1)
    seen = torch.nan_to_num(x, nan=0.0)
    features = torch.cat([seen[:, :g].square(), seen[:, :g], observed, seen[:, g:]], dim=-1)
    return torch.matmul(features, weights.transpose(1, 2))


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
        terms, _ = reconstruction_terms(model, rows, noise)
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
