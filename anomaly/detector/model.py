"""An ensemble of variational autoencoders whose weights stand side by side.

D. P. Kingma, M. Welling: Auto-Encoding Variational Bayes, 2014 (the evidence lower bound).
J. An, S. Cho: Variational Autoencoder based Anomaly Detection using Reconstruction Probability,
SNU Data Mining Center, 2015 (a decoder that gives a distribution, not a point).

Shapes: K members, B rows, w encoded values, c terms of the likelihood (one for each numeric value
and one for each categorical column), z latent dimensions.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Layer = tuple[Tensor, Tensor]  # weights and biases


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


def gaussian_log_density(x: Tensor, mean: Tensor, sd: Tensor) -> Tensor:
    """log N(x; mean, sd^2), element by element."""
    constant = -0.5 * math.log(2 * math.pi)
    return ((x - mean) / sd).square().mul(-0.5).sub(sd.log()).add(constant)


def kl_to_standard_normal(mean: Tensor, log_sd: Tensor) -> Tensor:
    """KL(N(mean, sd^2) || N(0, 1)), summed over the last axis (Kingma & Welling, appendix B)."""
    return 0.5 * (mean.square() + torch.exp(2 * log_sd) - 1 - 2 * log_sd).sum(-1)


class Ensemble(nn.Module):
    """K networks in one: every layer is one batched matrix multiply.

    All weights lie in one flat tensor, of which the layers are views, so that an optimiser takes
    one step for all. `variational=False` gives plain autoencoders: no noise, a variance fixed at 1.
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
        self.layout, self.members, self.hidden, self.latent = layout, members, hidden, latent
        self.floor, self.variational = floor, variational
        size = members * sum((fan_in + 1) * fan_out for fan_in, fan_out in self.shapes)
        self.weights = nn.Parameter(torch.zeros(size), requires_grad=False)
        for weight, _ in self.layers(self.weights):
            bound = math.sqrt(3.0 / weight.shape[1])  # unit variance in, unit variance out
            weight.uniform_(-bound, bound, generator=generator)

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(fan in, fan out) of the encoder's two layers and the decoder's two."""
        width, scales = self.layout.width, self.layout.gaussian if self.variational else 0
        code = 2 * self.latent if self.variational else self.latent
        return (
            (width, self.hidden),
            (self.hidden, code),
            (self.latent, self.hidden),
            (self.hidden, width + scales),
        )

    def blocks(self, flat: Tensor) -> list[Tensor]:
        """(K, in + 1, out) of each layer, views of a flat tensor; the last row is the bias."""
        sizes = [(self.members, fan_in + 1, fan_out) for fan_in, fan_out in self.shapes]
        parts = torch.split(flat, [math.prod(size) for size in sizes])
        return [part.view(size) for part, size in zip(parts, sizes, strict=True)]

    def layers(self, flat: Tensor) -> list[Layer]:
        """Weights (K, in, out) and biases (K, 1, out) of each layer, views of a flat tensor."""
        return [(block[:, :-1], block[:, -1:]) for block in self.blocks(flat)]

    def of(self, members: list[int]) -> Ensemble:
        """Some of the members, as an ensemble of their own."""
        part = copy.copy(self)
        part._parameters, part.members = {}, len(members)
        chosen = torch.cat([block[members].flatten() for block in self.blocks(self.weights)])
        part.weights = nn.Parameter(chosen, requires_grad=False)
        return part

    @property
    def encoder(self) -> Layer:
        return self.layers(self.weights)[0]

    @property
    def posterior(self) -> Layer:
        return self.layers(self.weights)[1]

    @property
    def decoder(self) -> Layer:
        return self.layers(self.weights)[2]

    @property
    def likelihood(self) -> Layer:
        return self.layers(self.weights)[3]

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

    def sd(self, parameters: Tensor) -> Tensor:
        """The decoder's standard deviation, (K, B, gaussian), never under the floor."""
        if not self.variational:
            return torch.ones_like(parameters[..., : self.layout.gaussian])
        return F.softplus(parameters[..., self.layout.width :]) + self.floor

    def log_likelihood(self, x: Tensor, parameters: Tensor) -> Tensor:
        """log p(x|z), (K, B, c), one term a column; 0 where the value is missing."""
        g, missing = self.layout.gaussian, torch.isnan(x)
        x = torch.nan_to_num(x, nan=0.0)
        normal = gaussian_log_density(x[..., :g], parameters[..., :g], self.sd(parameters))
        parts = [normal.masked_fill(missing[..., :g], 0.0)]
        if not self.layout.blocks:
            return parts[0]
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


def _linear(layer: Layer, x: Tensor) -> Tensor:
    weight, bias = layer
    return torch.baddbmm(bias, x, weight)
