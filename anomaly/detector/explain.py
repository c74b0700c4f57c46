"""Which columns make a row unlikely: what would be gained if one column were not known.

A column at fault pulls the row's code away, so that blameless columns look wrong as well. So each
column in turn is taken out, its place filled in by what the rest of the row implies (the network's
own reconstruction, fed back: Rezende, Mohamed & Wierstra, Stochastic Backpropagation, 2014,
section on missing data), and the rise of the row's log-probability is that column's part.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anomaly.detector.model import Ensemble
from anomaly.detector.score import ROWS_AT_ONCE, Evidence, missing_terms

Floats = NDArray[np.float64]

CANDIDATES = 32  # columns of a row to try, those whose own terms fall shortest
ROUNDS = 3  # of filling in


@torch.inference_mode()
def parts(evidence: Evidence, x: Tensor) -> Floats:
    """Rows (n, w) -> how much each likelihood term's column is to blame, in nats, (n, c), >= 0."""
    short = evidence.shortfall(x)
    candidates = np.argsort(-short, axis=1)[:, :CANDIDATES]
    row = np.repeat(np.arange(len(x)), candidates.shape[1])
    term = candidates.ravel()
    blame = np.zeros_like(short)
    size = ROWS_AT_ONCE[evidence.noise.device.type]
    for start in range(0, len(row), size):
        r, t = row[start : start + size], term[start : start + size]
        blame[r, t] = _gain(evidence, x[r], torch.from_numpy(t)).clip(min=0.0)
    return blame


def _gain(evidence: Evidence, x: Tensor, term: Tensor) -> Floats:
    """By how many nats row i is likelier without its term number `term[i]`: (B, w) -> (B,)."""
    model, device = evidence.model, evidence.noise.device
    x, term = x.to(device), term.to(device)
    out = (_owner(model).to(device) == term[:, None]).expand(model.members, -1, -1)
    whole = x.expand(model.members, *x.shape)
    filled = whole.masked_fill(out, torch.nan)
    for _ in range(ROUNDS):
        filled = torch.where(out, _reconstruction(model, filled), whole)
    gone = missing_terms(model, x)
    before = _log_probability(evidence, whole, whole, gone)
    index = torch.arange(len(x), device=device)
    gone[index, term] = True
    return (_log_probability(evidence, filled, whole, gone) - before).mean(0).double().cpu().numpy()


def _log_probability(evidence: Evidence, seen: Tensor, x: Tensor, gone: Tensor) -> Tensor:
    """log p(x|z), z from the code of `seen`; terms that are gone count as usual. (K, B)."""
    model = evidence.model
    terms = model.log_likelihood(x, model.decode(model.encode(seen)[0]))
    return torch.where(gone, evidence.usual[:, None, :], terms).sum(-1)


def _reconstruction(model: Ensemble, x: Tensor) -> Tensor:
    """(K, B, w) -> (K, B, w): means of numeric values, probabilities of levels."""
    decoded = model.decode(model.encode(x)[0])
    return torch.cat([decoded[..., : model.layout.gaussian], model.log_levels(decoded).exp()], -1)


def _owner(model: Ensemble) -> Tensor:
    """(w,): the likelihood term to which each place of an encoded row belongs."""
    owners = list(range(model.layout.gaussian))
    for _, columns, levels in model.layout.slices():
        owners += [len(set(owners)) + c for c in range(columns) for _ in range(levels)]
    return torch.tensor(owners)
