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
from anomaly.detector.witnesses import Witnesses, most

Floats = NDArray[np.float64]

# Each distance, beside the reconstruction probability: of new rows, of those of the same table.
NEW_COUNTS, LIKELY_COUNTS = np.array([6.0, 8.0]), np.array([1.5, 1.5])
ROWS_FOR_HALF_A_VOICE = 500  # networks that learnt from few rows say little
NEIGHBOURS, WITNESSES = ("references", "likely", "drawn"), ("rows", "fold")


class VAEDetector(Detector):
    """Reconstruction probability (An & Cho, 2015) by an ensemble of small VAEs.

    Beside it stands how far a row lies from the rows fitted on (`neighbours.py`, `witnesses.py`);
    the score joins both. A row that was fitted on is judged as one of a table that may hold
    anomalies; any other as new, against rows that are taken to be normal.

    Parameters, beside scikit-learn's `random_state`: `device` ("auto", "cpu", "cuda"), `members`
    of the ensemble, `folds` (each member leaves one out, so that every row is scored by members
    that did not see it), `hidden` and `latent` widths (None: as wide as the data), `floor` of the
    decoder's standard deviation in units of the column's, `beta` weight of the KL term, `trim`
    share of each batch that every other member leaves out, `references` fitted rows at most with
    which those of the same table are compared, `samples` of z for each row, `steps` of training
    with `batch` rows a member, `learning_rate`, `rate` of rows that `predict` calls outliers among
    those fitted on, `kinds` of a polars table's columns to learn from (None: as `reading.profile`
    guesses), `progress` called with the fraction of training done.
    """

    _variational = True
    _learnt: ClassVar[tuple[str, ...]] = (
        *Detector._learnt,
        "scales_",
        "likely_scales_",
        "witness_surprise_",
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
            scores = self._as_new(odd, self.witnesses_.distances(x))
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
        shuffled = torch.randperm(len(x), generator=generator)
        self._call_witnesses(x, new, shuffled[: most(x.shape[1])])
        chosen = shuffled[: self.references].sort().values
        chosen = chosen[torch.from_numpy(self.fold_)[chosen].argsort(stable=True)]
        self.neighbours_ = Neighbours.gather(
            x[chosen].to(self.device_),
            torch.from_numpy(-suspect)[chosen].to(self.device_),
            numeric=self.columns_.gaussian,
            generator=generator,
        )
        own = np.full(len(x), -1)
        own[chosen.numpy()] = np.arange(len(chosen))
        likely = self.neighbours_.to_likely(x, own=own)
        self.likely_scales_ = _scales(likely)
        self.training_scores_ = self._as_suspect(suspect, likely)
        self.keys_, self.key_rows_ = np.unique(_keys(x), return_index=True)

    def _call_witnesses(self, x: torch.Tensor, odd: Floats, chosen: torch.Tensor) -> None:
        """`odd` (n,) by members that trimmed none and did not learn from the row."""
        rows, fold = x[chosen], torch.from_numpy(self.fold_)[chosen]
        self.witnesses_ = Witnesses(rows.to(self.device_), fold.to(self.device_))
        self.witness_surprise_ = odd[chosen.numpy()]

    def _yardstick(self, fold: int) -> Floats:
        mine = self.witnesses_.fold.cpu().numpy() == fold
        return self._as_new(self.witness_surprise_[mine], self.witnesses_.between[:, mine])

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
        scores = []
        for f in range(self.folds):
            members = self._judges(f)[::2]
            odd = self._standard(self.evidence_.of(members).surprise(x), members).mean(axis=0)
            scores.append(self._as_new(odd, self.witnesses_.distances(x, without=f)))
        return np.stack(scores, axis=1)

    def _as_new(self, odd: Floats, distances: Floats) -> Floats:
        """A row's score if rows fitted on are normal; `odd` by members that trimmed none."""
        return self._joined(odd, distances, _scales(self.witnesses_.between), NEW_COUNTS)

    def _as_suspect(self, odd: Floats, distances: Floats) -> Floats:
        """A row's score if any may be an anomaly; `odd` by members that trimmed."""
        return self._joined(odd, distances, self.likely_scales_, LIKELY_COUNTS)

    def _joined(self, odd: Floats, distances: Floats, scales: Floats, counts: Floats) -> Floats:
        """From what networks say, (n,), and distances (2, n); each distance counts (2,).

        The voice of the networks grows with the rows learnt from.
        """
        voice = len(self.fold_) / (len(self.fold_) + ROWS_FOR_HALF_A_VOICE)
        far = counts @ _standard(distances, scales)
        return np.asarray(-(voice * odd + far) / (voice + counts.sum()))

    def _standard(self, surprise: Floats, members: list[int]) -> Floats:
        """(K, n), each member on its own scale, so that no single one decides."""
        return _standard(surprise, self.scales_[members])

    def _tensors(self) -> dict[str, torch.Tensor]:
        neighbours = {f"neighbours.{n}": getattr(self.neighbours_, n) for n in NEIGHBOURS}
        witnesses = {f"witnesses.{n}": getattr(self.witnesses_, n) for n in WITNESSES}
        return super()._tensors() | neighbours | witnesses

    def _restore(self, tensors: dict[str, torch.Tensor]) -> None:
        super()._restore(tensors)
        parts = (tensors[f"neighbours.{name}"].to(self.device_) for name in NEIGHBOURS)
        self.neighbours_ = Neighbours(self.columns_.gaussian, *parts)
        self.witnesses_ = Witnesses(
            *(tensors[f"witnesses.{name}"].to(self.device_) for name in WITNESSES)
        )


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

    def _yardstick(self, fold: int) -> Floats:
        return np.asarray(self.training_scores_[self.fold_ == fold])

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
