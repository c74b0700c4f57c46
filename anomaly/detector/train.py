"""One seeded loop that maximises the evidence lower bound of every member at once.

It knows nothing of anomalies. All chance (batches, noise) is drawn on the CPU, a block of steps at
a time, so that every device sees the same numbers and is never asked for one in the loop.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from anomaly.detector.model import Ensemble, kl_to_standard_normal

STEPS_A_BLOCK = 50


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
    weights = _weights_by_rank(trim, batch).to(x.device)
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, learning_rate, total_steps=steps)
    for done in range(0, steps, STEPS_A_BLOCK):
        count = min(STEPS_A_BLOCK, steps - done)
        batches, noise = _chance(model, rows, count, batch, generator)
        for chosen, epsilon in zip(batches.to(x.device), noise.to(x.device), strict=True):
            optimiser.zero_grad()
            losses = negative_elbo(model, x[chosen], epsilon, beta)
            loss = (losses.sort(dim=1).values * weights).sum()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
        if progress:
            progress((done + count) / steps)


def negative_elbo(model: Ensemble, x: Tensor, epsilon: Tensor, beta: float) -> Tensor:
    """Minus the evidence lower bound of rows x (K, B, w); epsilon (K, B, z) normal -> (K, B)."""
    mean, log_sd = model.encode(x)
    z = mean + torch.exp(log_sd) * epsilon
    loss = -model.log_likelihood(x, model.decode(z)).sum(-1)
    if model.variational:
        loss = loss + beta * kl_to_standard_normal(mean, log_sd)
    return loss


def _weights_by_rank(trim: Tensor, batch: int) -> Tensor:
    """(K, B): the weight of the likeliest row, of the next, ...; the last `trim` of them get 0."""
    kept = torch.ceil((1 - trim) * batch)[:, None]
    return (torch.arange(batch) < kept).float() / kept


def _chance(
    model: Ensemble, rows: Tensor, steps: int, batch: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Row numbers (steps, K, B) and noise (steps, K, B, z)."""
    members, m = rows.shape
    places = torch.randint(m, (members, steps * batch), generator=generator)
    batches = rows.gather(1, places).view(members, steps, batch).transpose(0, 1)
    noise = torch.randn(steps, members, batch, model.latent, generator=generator)
    return batches.contiguous(), noise
