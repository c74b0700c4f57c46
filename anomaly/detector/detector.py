"""The estimators: hyper-parameters in, learnt things end in an underscore."""

from __future__ import annotations

import math
from hashlib import blake2b
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from anomaly.detector import calibrate
from anomaly.detector.base import Detector
from anomaly.detector.neighbours import Neighbours

Floats = NDArray[np.float64]

NEAREST_COUNTS, LIKELY_COUNTS = 2.0, 1.5  # each distance, beside the reconstruction probability
ROWS_FOR_HALF_A_VOICE = 500  # networks that learnt from few rows say little
NEIGHBOURS = ("references", "fold", "likely", "drawn")


class VAEDetector(Detector):
    """Reconstruction probability (An & Cho, 2015) by an ensemble of small VAEs.

    Beside it stands how far a row lies from the rows fitted on (`neighbours.py`); the score joins
    both. A row that was fitted on is judged as one of a table that may hold anomalies; any other as
    new, against rows that are taken to be normal.

    Parameters, beside scikit-learn's `random_state`: `device` ("auto", "cpu", "cuda"), `members`
    of the ensemble, `folds` (each member leaves one out, so that every row is scored by members
    that did not see it), `hidden` and `latent` widths (None: as wide as the data), `floor` of the
    decoder's standard deviation in units of the column's, `beta` weight of the KL term, `trim`
    share of each batch that every other member leaves out, `references` fitted rows at most with
    which others are compared, `samples` of z for each row, `steps` of training with `batch` rows a
    member, `learning_rate`, `rate` of rows that `predict` calls outliers among those fitted on,
    `kinds` of a polars table's columns to learn from (None: as `reading.profile` guesses),
    `progress` called with the fraction of training done.
    """

    _variational = True
    _learnt: ClassVar[tuple[str, ...]] = (
        *Detector._learnt,
        "new_scores_",
        "scales_",
        "near_scales_",
        "keys_",
        "key_rows_",
    )

    def score_samples(self, X: Any, *, novelty: bool = True) -> Floats:
        """Score of each row, (n,): the lower, the more anomalous; 0 is the middle of the table.

        Rows fitted on get their training score. With `novelty=False` the others are taken for rows
        of the same table, anomalies among them: for a table that was fitted on in part.
        """
        x = self._encode(X)
        members = list(range(0 if novelty else 1, self.members, 2))  # every other one trims
        odd = self._standard(self.evidence_.of(members).surprise(x), members).mean(axis=0)
        if novelty:
            scores = self._as_new(odd, self.neighbours_.nearest(x).min(axis=0))
        else:
            scores = self._as_suspect(odd, self.neighbours_.to_likely(x))
        keys = _keys(x)
        place = np.searchsorted(self.keys_, keys).clip(max=len(self.keys_) - 1)
        fitted = self.keys_[place] == keys
        scores[fitted] = self.training_scores_[self.key_rows_[place[fitted]]]
        return scores

    def _learn_scores(self, x: torch.Tensor, surprise: Floats, generator: torch.Generator) -> None:
        self.scales_ = _scales(surprise)
        odd = self._standard(surprise, list(range(self.members)))
        new, suspect = np.nanmean(odd[::2], axis=0), np.nanmean(odd[1::2], axis=0)
        chosen = torch.randperm(len(x), generator=generator)[: self.references].sort().values
        chosen = chosen[torch.from_numpy(self.fold_)[chosen].argsort(stable=True)]
        fold, likelihood = (torch.from_numpy(part)[chosen] for part in (self.fold_, -suspect))
        self.neighbours_ = Neighbours.gather(
            *(tensor.to(self.device_) for tensor in (x[chosen], fold, likelihood)),
            numeric=self.columns_.gaussian,
            generator=generator,
        )
        own = np.full(len(x), -1)
        own[chosen.numpy()] = np.arange(len(chosen))
        near, likely = self.neighbours_.nearest(x, own=own), self.neighbours_.to_likely(x, own=own)
        self.near_scales_ = _scales(np.stack([near.min(axis=0), *likely]))
        self.training_scores_ = self._as_suspect(suspect, likely)
        near[self.fold_, np.arange(len(x))] = np.inf
        self.new_scores_ = self._as_new(new, near.min(axis=0))
        self.keys_, self.key_rows_ = np.unique(_keys(x), return_index=True)

    @property
    def _calibration_scores(self) -> Floats:
        return self.new_scores_

    @property
    def training_p_values_(self) -> Floats:
        """The same for the rows fitted on, (n,), though some of them may be anomalies.

        Distances outvote a broken link, which the networks see and they do not; so both the score
        and the log-probability are asked, and twice the smaller p-value counts (Bonferroni).
        Where far scores are not drawn in, tails are near exponential.
        """
        joined: Floats = np.sinh(self.training_scores_)
        both = [calibrate.tail_p_values(s) for s in (joined, self.training_log_probability_)]
        return np.asarray(np.minimum(2 * np.minimum(*both), 1.0))

    def _by_fold(self, x: torch.Tensor) -> Floats:
        near = self.neighbours_.nearest(x)
        scores = []
        for f in range(self.folds):
            members = self._judges(f)[::2]
            odd = self._standard(self.evidence_.of(members).surprise(x), members).mean(axis=0)
            scores.append(self._as_new(odd, np.delete(near, f, axis=0).min(axis=0)))
        return np.stack(scores, axis=1)

    def _as_new(self, odd: Floats, nearest: Floats) -> Floats:
        """A row's score if rows fitted on are normal; `odd` by members that trimmed none."""
        return self._joined(odd, nearest[None], self.near_scales_[:1], NEAREST_COUNTS)

    def _as_suspect(self, odd: Floats, likely: Floats) -> Floats:
        """A row's score if any may be an anomaly; `odd` by members that trimmed; likely (2, n)."""
        return self._joined(odd, likely, self.near_scales_[1:], LIKELY_COUNTS)

    def _joined(self, odd: Floats, distances: Floats, scales: Floats, counts: float) -> Floats:
        """The voice of the networks grows with the rows learnt from; each distance's `counts`."""
        voice = len(self.fold_) / (len(self.fold_) + ROWS_FOR_HALF_A_VOICE)
        far = counts * _standard(distances, scales).sum(axis=0)
        return np.asarray(-(voice * odd + far) / (voice + counts * len(distances)))

    def _standard(self, surprise: Floats, members: list[int]) -> Floats:
        """(K, n), each member on its own scale, so that no single one decides."""
        return _standard(surprise, self.scales_[members])

    def _tensors(self) -> dict[str, torch.Tensor]:
        neighbours = {f"neighbours.{n}": getattr(self.neighbours_, n) for n in NEIGHBOURS}
        return super()._tensors() | neighbours

    def _restore(self, tensors: dict[str, torch.Tensor]) -> None:
        super()._restore(tensors)
        parts = (tensors[f"neighbours.{name}"].to(self.device_) for name in NEIGHBOURS)
        self.neighbours_ = Neighbours(self.columns_.gaussian, *parts)


class AutoencoderDetector(Detector):
    """Reconstruction error, the older technique: the same ensemble without noise or variance.

    Scores are minus half the squared error, up to a constant. Parameters as for `VAEDetector`.
    """

    _variational = False

    def score_samples(self, X: Any) -> Floats:
        """Score of each row, (n,): the lower, the more anomalous."""
        return self.log_probability(X)

    @property
    def training_errors_(self) -> Floats:
        """Reconstruction error of the rows fitted on, (n,): mean over columns, in squared sds."""
        gaussian, terms = self.columns_.gaussian, len(self.columns_.columns)
        squared = -2 * self.training_scores_ - gaussian * math.log(2 * math.pi)
        return np.asarray(squared / terms)

    def _learn_scores(self, x: torch.Tensor, surprise: Floats, generator: torch.Generator) -> None:
        self.training_scores_ = np.asarray(-np.nanmean(surprise, axis=0))

    @property
    def _calibration_scores(self) -> Floats:
        return self.training_scores_

    def _by_fold(self, x: torch.Tensor) -> Floats:
        folds = [self.evidence_.of(self._judges(f)).surprise(x) for f in range(self.folds)]
        return np.asarray(-np.stack([surprise.mean(axis=0) for surprise in folds], axis=1))


def _scales(values: Floats) -> Floats:
    """The middle and the spread of each line, (m, n) -> (m, 2); NaN does not count."""
    low, middle, high = np.nanquantile(values, [0.1, 0.5, 0.9], axis=1)
    return np.stack([middle, np.maximum(high - low, 1e-3)], axis=1)


def _standard(values: Floats, scales: Floats) -> Floats:
    """On the scale of the rows fitted on, far values drawn in: (..., n) and (..., 2)."""
    return np.asarray(np.arcsinh((values - scales[..., :1]) / scales[..., 1:]))


def _keys(x: torch.Tensor) -> NDArray[np.int64]:
    """A number for each row's content, (n,), by which it is known again."""
    digests = b"".join(blake2b(row.tobytes(), digest_size=8).digest() for row in x.numpy())
    keys: NDArray[np.int64] = np.frombuffer(digests, dtype=np.int64)
    return keys
