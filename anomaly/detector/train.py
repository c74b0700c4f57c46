"""One seeded loop that maximises the evidence lower bound of every member at once.

It knows nothing of anomalies. All chance (batches, noise) is drawn on the CPU, a block of steps at
a time, so that every device sees the same numbers and is never asked for one in the loop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from anomaly.detector.gradient import Gradient
from anomaly.detector.model import Ensemble, kl_to_standard_normal

STEPS_A_BLOCK = 50
WARM_UP = 0.3  # share of the steps in which the learning rate rises


@torch.no_grad()
def train(
    model: Ensemble,
    x: Tensor,
    rows: Tensor,
    *,
    steps: int,
    batch: int,
    learning_rate: float,
    beta: float,
    trim: Tensor,
    generator: torch.Generator,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Fit `model` in place to `x` (n, w); member k sees only the rows numbered in `rows[k]`.

    `rows` (K, m). `beta` weighs the KL term (Higgins et al., beta-VAE, 2017). Member k leaves out
    the least likely share `trim[k]` of each batch, so that rows unlike the rest do not pull the
    model towards them (trimmed likelihood: Neykov & Neytchev, 1990). Adam (Kingma & Ba, 2015)
    under a one-cycle learning rate (Smith & Topin, 2018).
    """
    batch = min(batch, rows.shape[1])
    kept = torch.ceil((1 - trim) * batch).long()
    gradient = Gradient(model, beta=beta, kept=kept, batch=batch)
    adam = Adam(model.weights.data, gradient.flat)
    observed = None if torch.isfinite(x).all() else (~torch.isnan(x)).to(x.dtype)
    filled, rates = torch.nan_to_num(x, nan=0.0), list(one_cycle(learning_rate, steps))
    shape = (model.members, batch, x.shape[1])
    for done in range(0, steps, STEPS_A_BLOCK):
        count = min(STEPS_A_BLOCK, steps - done)
        batches, noise = _chance(model, rows, count, batch, generator)
        for i, (chosen, epsilon) in enumerate(
            zip(batches.to(x.device), noise.to(x.device), strict=True)
        ):
            seen = None if observed is None else observed[chosen].view(shape)
            gradient.fill(filled[chosen].view(shape), seen, epsilon)
            adam.step(*rates[done + i])
        if progress:
            progress((done + count) / steps)


def negative_elbo(model: Ensemble, x: Tensor, epsilon: Tensor, beta: float) -> Tensor:
    """Minus the evidence lower bound of rows x (K, B, w); epsilon (K, B, z) normal -> (K, B).

    What is minimised; `gradient.py` holds its derivative.
    """
    mean, log_sd = model.encode(x)
    z = mean + torch.exp(log_sd) * epsilon
    loss = -model.log_likelihood(x, model.decode(z)).sum(-1)
    if model.variational:
        loss = loss + beta * kl_to_standard_normal(mean, log_sd)
    return loss


class Adam:
    """Adam (Kingma & Ba, 2015, algorithm 1) on one flat tensor, its moments' decay `decay`."""

    def __init__(self, weights: Tensor, gradient: Tensor, *, decay: float = 0.999) -> None:
        self.weights, self.gradient, self.decay = weights, gradient, decay
        self.first, self.second = torch.zeros_like(weights), torch.zeros_like(weights)
        self.left = [1.0, 1.0]  # what the moments still lack of their true size

    def step(self, learning_rate: float, momentum: float) -> None:
        self.left = [self.left[0] * momentum, self.left[1] * self.decay]
        self.first.lerp_(self.gradient, 1 - momentum)
        self.second.mul_(self.decay).addcmul_(self.gradient, self.gradient, value=1 - self.decay)
        size = learning_rate * math.sqrt(1 - self.left[1]) / (1 - self.left[0])
        self.weights.addcdiv_(self.first, self.second.sqrt().add_(1e-8), value=-size)


def one_cycle(learning_rate: float, steps: int) -> Iterator[tuple[float, float]]:
    """Learning rate and momentum of each step: up and down again along cosines (Smith & Topin)."""
    rise = max(1.0, WARM_UP * steps - 1)
    for step in range(steps):
        if step <= rise:
            share = 0.5 - 0.5 * math.cos(math.pi * step / rise)
        else:
            share = 0.5 + 0.5 * math.cos(math.pi * (step - rise) / max(1.0, steps - 1 - rise))
        lowest = 1 / 25 if step <= rise else 4e-6
        yield learning_rate * (lowest + (1 - lowest) * share), 0.95 - 0.10 * share


def _chance(
    model: Ensemble, rows: Tensor, steps: int, batch: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Row numbers (steps, K * B) and noise (steps, K, B, z)."""
    members, m = rows.shape
    places = torch.randint(m, (members, steps * batch), generator=generator)
    batches = rows.cpu().gather(1, places).view(members, steps, batch).transpose(0, 1)
    noise = torch.randn(steps, members, batch, model.latent, generator=generator)
    return batches.reshape(steps, members * batch), noise
