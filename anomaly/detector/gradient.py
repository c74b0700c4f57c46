"""The gradient of the evidence lower bound, written out for these networks.

With networks this small an automatic derivative spends most of its time on bookkeeping; written
out (reverse mode, as in Rumelhart, Hinton & Williams, 1986), a step costs less than half. A test
holds it to the automatic one. Shapes as in `model.py`.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from anomaly.detector.model import Ensemble, Layer

LOG_SD_LIMITS = (-6.0, 3.0)


class Gradient:
    """Holds room for the gradient of the weights of `model`, `flat`, and fills it."""

    def __init__(self, model: Ensemble, *, beta: float, kept: Tensor, batch: int) -> None:
        """Of each `batch` rows, member k leaves out all but the `kept[k]` likeliest; kept (K,)."""
        self.model, self.beta, self.kept = model, beta, kept[:, None].to(model.weights.device)
        self.trims = int(kept.min()) < batch
        self.flat = torch.zeros_like(model.weights)
        self.layers, self.parts = model.layers(model.weights.data), model.layers(self.flat)

    def fill(self, x: Tensor, observed: Tensor | None, epsilon: Tensor) -> None:
        """Rows x (K, B, w), 0 where missing; `observed` likewise, 1 or 0, None if all are.

        `epsilon` (K, B, z) standard normal.
        """
        inner, hidden = _forward(self.layers[0], x)
        code = torch.baddbmm(self.layers[1][1], hidden, self.layers[1][0])
        z, sd, spread = self._draw(code, epsilon)
        inner_of_z, hidden_of_z = _forward(self.layers[2], z)
        decoded = torch.baddbmm(self.layers[3][1], hidden_of_z, self.layers[3][0])

        loss, by_decoded = likelihood_gradient(self.model, x, observed, decoded)
        weight = self._weight(loss, code, sd)
        back = self._back(3, hidden_of_z, by_decoded.mul_(weight))
        by_z = self._back(2, z, torch.ops.aten.silu_backward(back, inner_of_z))
        back = self._back(1, hidden, self._by_code(by_z, code, sd, spread, weight))
        self._back(0, x, torch.ops.aten.silu_backward(back, inner), last=True)

    def _draw(self, code: Tensor, epsilon: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """z, the standard deviation of q(z|x), and how far z lies from its mean."""
        if not self.model.variational:
            return code, code, code
        mean, log_sd = code.chunk(2, dim=-1)
        sd = log_sd.clamp(*LOG_SD_LIMITS).exp_()
        spread = sd * epsilon
        return mean + spread, sd, spread

    def _weight(self, loss: Tensor, code: Tensor, sd: Tensor) -> Tensor:
        """Of each row in its member's mean: 0 for those trimmed away, (K, B, 1)."""
        if not self.trims:
            return torch.full_like(loss[..., None], 1 / loss.shape[1])
        if self.model.variational:
            mean, log_sd = code.chunk(2, dim=-1)
            kl = 0.5 * (mean.square() + sd.square()) - log_sd.clamp(*LOG_SD_LIMITS)
            loss = loss + self.beta * kl.sum(-1)
        last = loss.sort(dim=1).values.gather(1, self.kept - 1)
        return ((loss <= last) / self.kept)[..., None]

    def _by_code(
        self, by_z: Tensor, code: Tensor, sd: Tensor, spread: Tensor, weight: Tensor
    ) -> Tensor:
        """The gradient by mean and log sd of q(z|x), the KL term's part included."""
        if not self.model.variational:
            return by_z
        mean, log_sd = code.chunk(2, dim=-1)
        by_mean = torch.addcmul(by_z, mean, weight, value=self.beta)
        by_log_sd = torch.addcmul(by_z * spread, sd.square() - 1, weight, value=self.beta)
        low, high = LOG_SD_LIMITS
        by_log_sd.mul_((log_sd >= low) & (log_sd <= high))
        return torch.cat([by_mean, by_log_sd], dim=-1)

    def _back(self, number: int, before: Tensor, by_after: Tensor, *, last: bool = False) -> Tensor:
        """Write the gradient of layer `number` from that of what it gave; pass it on."""
        weight, bias = self.parts[number]
        weight.copy_(torch.bmm(before.transpose(1, 2), by_after))
        bias.copy_(by_after.sum(1, keepdim=True))
        if last:
            return by_after
        return torch.bmm(by_after, self.layers[number][0].transpose(1, 2))


def likelihood_gradient(
    model: Ensemble, x: Tensor, observed: Tensor | None, decoded: Tensor
) -> tuple[Tensor, Tensor]:
    """-log p(x|z) up to a constant, (K, B), and its gradient by the decoder's output."""
    g, width = model.layout.gaussian, model.layout.width
    gradient = torch.empty_like(decoded)
    residual = decoded[..., :g] - x[..., :g]
    if observed is not None:
        residual.mul_(observed[..., :g])
    if model.variational:
        raw = decoded[..., width:]
        sd = model.sd(decoded)
        residual.div_(sd)
        square = residual.square()
        terms = torch.add(sd.log(), square, alpha=0.5)
        by_sd = square.neg_().add_(1).mul_(torch.sigmoid(raw)).div_(sd)
        torch.div(residual, sd, out=gradient[..., :g])
        if observed is not None:
            terms.mul_(observed[..., :g])
            by_sd.mul_(observed[..., :g])
        gradient[..., width:] = by_sd
        loss = terms.sum(-1)
    else:
        gradient[..., :g] = residual
        loss = 0.5 * residual.square().sum(-1)
    if g < width:
        loss = loss + _levels(model, x[..., g:], decoded, gradient)
    return loss, gradient


def _levels(model: Ensemble, chosen: Tensor, decoded: Tensor, gradient: Tensor) -> Tensor:
    """The categorical columns' part: softmax minus one-hot, nothing where missing."""
    log_p, g = model.log_levels(decoded), model.layout.gaussian
    for block, columns, levels in model.layout.slices():
        here = slice(block.start - g, block.stop - g)
        shape = (*chosen.shape[:-1], columns, levels)
        one_hot = chosen[..., here].reshape(shape)
        p = log_p[..., here].exp().view(shape) * one_hot.sum(-1, keepdim=True)
        gradient[..., block] = (p - one_hot).flatten(-2)
    return -(chosen * log_p).sum(-1)


def _forward(layer: Layer, x: Tensor) -> tuple[Tensor, Tensor]:
    inner = torch.baddbmm(layer[1], x, layer[0])
    return inner, F.silu(inner)
