"""An ensemble of variational autoencoders whose weights stand side by side.

D. P. Kingma, M. Welling: Auto-Encoding Variational Bayes, 2014 (the evidence lower bound).
J. An, S. Cho: Variational Autoencoder based Anomaly Detection using Reconstruction Probability,
SNU Data Mining Center, 2015 (a decoder that gives a distribution, not a point).

Shapes: K members, B rows, w encoded values, c terms of the likelihood (one for each numeric value
and one for each categorical column), z latent dimensions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Layout:
    """How a row is encoded: numeric values first, then the one-hot blocks of categorical columns.

    `blocks` holds (how many columns, with how many levels each), so that columns of equal size
    share one softmax.
    """

    gaussian: int
    blocks: tuple[tuple[int, int], ...] = ()

    @property
    def width(self) -> int:
        return self.gaussian + sum(columns * levels for columns, levels in self.blocks)

    def slices(self) -> Iterator[tuple[slice, int, int]]:
        """Where each block lies, how many columns it holds, with how many levels each."""
        start = self.gaussian
        for columns, levels in self.blocks:
            yield slice(start, start := start + columns * levels), columns, levels


def gaussian_log_density(x: Tensor, mean: Tensor, log_sd: Tensor) -> Tensor:
    """log N(x; mean, sd^2), element by element."""
    return -0.5 * ((x - mean) * torch.exp(-log_sd)).square() - log_sd - 0.5 * math.log(2 * math.pi)


def kl_to_standard_normal(mean: Tensor, log_sd: Tensor) -> Tensor:
    """KL(N(mean, sd^2) || N(0, 1)), summed over the last axis (Kingma & Welling, appendix B)."""
    return 0.5 * (mean.square() + torch.exp(2 * log_sd) - 1 - 2 * log_sd).sum(-1)


class Ensemble(nn.Module):
    """K networks in one: every layer is one batched matrix multiply.

    `variational=False` gives plain autoencoders: no noise, a variance fixed at 1.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        members: int,
        hidden: int,
        latent: int,
        floor: float,
        variational: bool,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.layout, self.members, self.latent = layout, members, latent
        self.floor, self.variational = floor, variational

        def layer(fan_in: int, fan_out: int) -> nn.ParameterList:
            bound = math.sqrt(3.0 / fan_in)  # unit variance in, unit variance out
            weight = torch.empty(members, fan_in, fan_out)
            weight.uniform_(-bound, bound, generator=generator)
            return nn.ParameterList([weight, torch.zeros(members, 1, fan_out)])

        self.encoder = layer(layout.width, hidden)
        self.posterior = layer(hidden, 2 * latent if variational else latent)
        self.decoder = layer(latent, hidden)
        self.likelihood = layer(hidden, layout.width + (layout.gaussian if variational else 0))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Rows (K, B, w), NaN where missing -> mean and log sd of q(z|x), each (K, B, z)."""
        out = _linear(self.posterior, F.silu(_linear(self.encoder, torch.nan_to_num(x, nan=0.0))))
        if not self.variational:
            return out, torch.full_like(out, -math.inf)  # no noise: exp(-inf) = 0
        mean, log_sd = out.chunk(2, dim=-1)
        return mean, log_sd.clamp(-6.0, 3.0)

    def decode(self, z: Tensor) -> Tensor:
        """(K, B, z) -> parameters of p(x|z), (K, B, w + gaussian): means, logits, raw sds."""
        return _linear(self.likelihood, F.silu(_linear(self.decoder, z)))

    def log_sd(self, parameters: Tensor) -> Tensor:
        """The decoder's log standard deviation, (K, B, gaussian), never under log(floor)."""
        if not self.variational:
            return torch.zeros_like(parameters[..., : self.layout.gaussian])
        return torch.log(self.floor + F.softplus(parameters[..., self.layout.width :]))

    def log_likelihood(self, x: Tensor, parameters: Tensor) -> Tensor:
        """log p(x|z), (K, B, c), one term a column; 0 where the value is missing."""
        g = self.layout.gaussian
        missing = torch.isnan(x)
        x = x.masked_fill(missing, 0.0)
        normal = gaussian_log_density(x[..., :g], parameters[..., :g], self.log_sd(parameters))
        parts = [normal.masked_fill(missing[..., :g], 0.0)]
        chosen = self.log_levels(parameters) * x[..., g:]  # x is one-hot, or all 0 where missing
        for block, columns, levels in self.layout.slices():
            shape = (*x.shape[:-1], columns, levels)
            parts.append(chosen[..., block.start - g : block.stop - g].reshape(shape).sum(-1))
        return torch.cat(parts, dim=-1)

    def log_levels(self, parameters: Tensor) -> Tensor:
        """log p of every level of the categorical columns, (K, B, w - gaussian)."""
        parts = [parameters[..., :0]]
        for block, columns, levels in self.layout.slices():
            logits = parameters[..., block].reshape(*parameters.shape[:-1], columns, levels)
            parts.append(F.log_softmax(logits, dim=-1).flatten(-2))
        return torch.cat(parts, dim=-1)


def _linear(layer: nn.ParameterList, x: Tensor) -> Tensor:
    weight, bias = layer
    return torch.baddbmm(bias, x, weight)
