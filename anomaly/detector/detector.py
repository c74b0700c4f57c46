"""The estimators: hyper-parameters in, learnt things end in an underscore."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self
from zlib import crc32

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from anomaly.detector import calibrate, explain, storage
from anomaly.detector.model import Ensemble, Layout
from anomaly.detector.reading import guessed_kinds
from anomaly.detector.score import Evidence
from anomaly.detector.table import Columns, numeric_frame
from anomaly.detector.train import train

Floats = NDArray[np.float64]

WIDEST_LATENT = 64
FEWEST_IN_BATCH, VALUES_IN_BATCH = 32, 8192  # wide tables take smaller batches
WEIGHTS = (1.0, 0.3, 1.0)  # of reconstruction, of the code's own probability, of other rows' codes
EVIDENCE = ("noise", "exemplars", "codes", "usual")
LEARNT = ("training_scores_", "training_log_probability_", "fold_", "centre_", "spread_")


class _Detector(OutlierMixin, BaseEstimator):  # type: ignore[misc]  # untyped base
    """What both estimators share. See `VAEDetector` for the parameters."""

    _variational: ClassVar[bool]

    def __init__(
        self,
        *,
        random_state: Any = 0,
        device: str = "auto",
        members: int = 8,
        folds: int = 4,
        hidden: int = 64,
        latent: int | None = None,
        floor: float = 0.2,
        beta: float = 0.1,
        trim: float = 0.15,
        exemplars: int = 256,
        samples: int = 2,
        steps: int = 300,
        batch: int = 64,
        learning_rate: float = 0.01,
        rate: float = 0.05,
        kinds: dict[str, str] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.random_state = random_state
        self.device = device
        self.members = members
        self.folds = folds
        self.hidden = hidden
        self.latent = latent
        self.floor = floor
        self.beta = beta
        self.trim = trim
        self.exemplars = exemplars
        self.samples = samples
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.rate = rate
        self.kinds = kinds
        self.progress = progress

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn what is usual in X, (n, d) floats with NaN for missing, or a polars table.

        Raises TableError if a polars table has no column to learn from.
        """
        frame = self._frame(X, reset=True)
        x = torch.from_numpy(self.columns_.encode(frame))
        generator = torch.Generator().manual_seed(self._seed())
        folds = min(self.folds, (self.members + 1) // 2, len(x))
        self.fold_ = torch.randperm(len(x), generator=generator).numpy() % folds
        self._build(generator)
        rows = self._rows_to_learn_from(generator)
        train(
            self.model_,
            x.to(self.device_),
            rows.to(self.device_),
            steps=self.steps,
            batch=min(self.batch, max(FEWEST_IN_BATCH, VALUES_IN_BATCH // x.shape[1])),
            learning_rate=self.learning_rate,
            beta=self.beta,
            trim=torch.tensor([self.trim if k % 2 else 0.0 for k in range(self.members)]),
            generator=generator,
            progress=self.progress,
        )
        self._score_training_rows(x, rows)
        return self

    def score_samples(self, X: Any) -> Floats:
        """Score of each row, (n,): the lower, the more anomalous; 0 is the middle of the table.

        Reconstruction probability with two more answers of the same networks: see `_combined`.
        """
        return np.asarray(self._by_member(self._encode(X)).mean(axis=1))

    def log_probability(self, X: Any) -> Floats:
        """Reconstruction log-probability of each row in nats, (n,): An & Cho, 2015, algorithm 4."""
        return np.asarray(-self.evidence_.surprise(self._encode(X))[0].mean(axis=0))

    def decision_function(self, X: Any) -> Floats:
        """(n,): negative for outliers."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> NDArray[np.int64]:
        """(n,): -1 for rows less likely than all but `rate` of the rows fitted on, else 1."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def p_value(self, X: Any) -> Floats:
        """How often a row like those fitted on looks as odd, (n,). Small = anomalous.

        For rows not fitted on; split conformal (Bates et al., 2023). Which fold a row is compared
        with follows from its content: a mean over folds is less spread than a uniform number.
        """
        x = self._encode(X)
        by_fold = self._by_fold(self._by_member(x))
        folds, p = by_fold.shape[1], np.empty(len(x))
        judged_by = np.array([crc32(row.tobytes()) for row in x.numpy()]) % folds
        for f in range(folds):
            known, new = self.training_scores_[self.fold_ == f], judged_by == f
            p[new] = calibrate.conformal_p_values(known, by_fold[new, f])
        return p

    @property
    def training_p_values_(self) -> Floats:
        """The same for the rows fitted on, (n,), though some of them may be anomalies.

        Where `_combined` has not compressed the scores, tails are near exponential.
        """
        scores = np.sinh(self.training_scores_) if self._variational else self.training_scores_
        return calibrate.tail_p_values(scores)

    def explain(self, X: Any) -> Floats:
        """(n, d): each column's share in making a row unlikely; rows sum to 1. See `explain.py`."""
        blame = np.maximum(explain.parts(self.evidence_, self._encode(X)), 1e-12)
        return self.columns_.to_columns(blame / blame.sum(axis=1, keepdims=True))

    def expected(self, X: Any) -> list[list[str]]:
        """(n, d): what the model would have put in each cell, as text for people."""
        return self.columns_.decode(self.evidence_.reconstruction(self._encode(X)))

    def save(self, path: str | Path) -> None:
        """Write one safetensors file: the tensors, and all else as JSON in its header."""
        check_is_fitted(self, "model_")
        header: dict[str, Any] = {"offset": self.offset_, "features": self.n_features_in_}
        header["parameters"] = self.get_params() | {"progress": None}
        header["columns"] = self.columns_.to_json()
        tensors = dict(self.model_.state_dict())
        tensors |= {name: getattr(self.evidence_, name) for name in EVIDENCE}
        tensors |= {name: torch.from_numpy(getattr(self, name)) for name in LEARNT}
        storage.write(path, type(self).__name__, header, tensors)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote. Raises ValueError if the file holds another detector."""
        header, tensors = storage.read(path, cls.__name__)
        self = cls(**header["parameters"])
        self.columns_ = Columns.from_json(header["columns"])
        self.n_features_in_, self.offset_ = header["features"], header["offset"]
        for name in LEARNT:
            setattr(self, name, tensors.pop(name).numpy())
        evidence = {name: tensors.pop(name).to(self.device_) for name in EVIDENCE}
        self._build(torch.Generator())
        self.model_.load_state_dict(tensors)
        self.evidence_ = Evidence(self.model_, **evidence)
        return self

    def _build(self, generator: torch.Generator) -> None:
        layout = Layout(self.columns_.gaussian, self.columns_.blocks)
        self.model_ = Ensemble(
            layout,
            members=self.members,
            hidden=self.hidden,
            latent=self.latent or min(layout.width, WIDEST_LATENT),
            floor=self.floor,
            variational=self._variational,
            generator=generator,
        ).to(self.device_)

    @property
    def _held_out(self) -> NDArray[np.int64]:
        """The fold that each member does not learn from, (K,): two members to a fold."""
        return np.asarray(np.arange(self.members) // 2 % (self.fold_.max() + 1))

    def _rows_to_learn_from(self, generator: torch.Generator) -> torch.Tensor:
        """(K, m), each member's rows in random order."""
        rows = [torch.from_numpy(np.flatnonzero(self.fold_ != f)) for f in self._held_out]
        rows = [r[torch.randperm(len(r), generator=generator)] for r in rows]
        fewest = min(len(r) for r in rows)
        return torch.stack([r[:fewest] for r in rows])

    def _score_training_rows(self, x: torch.Tensor, rows: torch.Tensor) -> None:
        generator = torch.Generator().manual_seed(self._seed())
        noise = torch.randn(self.samples, self.members, 1, self.model_.latent, generator=generator)
        exemplars = rows[:, : self.exemplars].to(self.device_)
        self.evidence_ = Evidence.gather(self.model_, x, exemplars, noise.to(self.device_))
        surprise = self.evidence_.surprise(x, training=True)
        low, self.centre_, high = np.quantile(surprise, [0.1, 0.5, 0.9], axis=2)
        self.spread_ = np.maximum(high - low, 1e-3)
        self.training_scores_ = self._held_out_part(self._combined(surprise))
        self.training_log_probability_ = self._held_out_part(-surprise[0].T)
        self.offset_ = float(np.quantile(self.training_scores_, self.rate))

    def _held_out_part(self, by_member: Floats) -> Floats:
        """(n, K) -> (n,): what the members say of each row fitted on that did not learn from it."""
        return np.asarray(self._by_fold(by_member)[np.arange(len(by_member)), self.fold_])

    def _by_member(self, x: torch.Tensor) -> Floats:
        return self._combined(self.evidence_.surprise(x))

    def _combined(self, surprise: Floats) -> Floats:
        """The terms of the surprise, (T, K, n), as one log-probability, (n, K).

        Each is brought to its member's own scale and compressed, so that no single member and no
        single term decides; a plain autoencoder's is left as it is.
        """
        if not self._variational:
            return np.asarray(-surprise[0].T, dtype=np.float64)
        standard = np.arcsinh((surprise - self.centre_[..., None]) / self.spread_[..., None])
        score = -np.tensordot(WEIGHTS, standard, axes=1) / sum(WEIGHTS)
        return np.asarray(score.T)

    def _by_fold(self, by_member: Floats) -> Floats:
        """(n, K) -> (n, F): mean over the members that did not train on fold f."""
        folds = range(self.fold_.max() + 1)
        return np.stack([by_member[:, self._held_out == f].mean(axis=1) for f in folds], axis=1)

    def _encode(self, X: Any) -> torch.Tensor:
        check_is_fitted(self, "model_")
        return torch.from_numpy(self.columns_.encode(self._frame(X, reset=False)))

    def _frame(self, X: Any, *, reset: bool) -> pl.DataFrame:
        """X as a table; learns its columns if `reset`."""
        if isinstance(X, pl.DataFrame):
            frame, kinds = X, (self.kinds or guessed_kinds(X)) if reset else {}
        else:
            checks: dict[str, Any] = {"dtype": np.float64, "ensure_all_finite": False}
            x = validate_data(self, X, reset=reset, ensure_min_samples=1 + reset, **checks)
            frame = numeric_frame(x)
            kinds = dict.fromkeys(frame.columns, "numeric")
        if reset:
            self.columns_, self.n_features_in_ = Columns.learn(frame, kinds), len(kinds)
        return frame

    @property
    def device_(self) -> torch.device:
        """Where the networks live."""
        if self.device == "auto":
            return torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return torch.device(self.device)

    def _seed(self) -> int:
        given = self.random_state
        return given if isinstance(given, int) else int(check_random_state(given).randint(2**31))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class VAEDetector(_Detector):
    """Reconstruction probability (An & Cho, 2015) by an ensemble of small VAEs.

    Parameters, beside scikit-learn's `random_state`: `device` ("auto", "cpu", "cuda"), `members`
    of the ensemble, `folds` (each member leaves one out, so that every row is scored by members
    that did not see it), `hidden` and `latent` widths (None: as wide as the data), `floor` of the
    decoder's standard deviation in units of the column's, `beta` weight of the KL term, `trim`
    share of each batch that every other member leaves out, `exemplars` rows whose codes each member
    keeps, `samples` of z for each row, `steps` of
    training with `batch` rows a member, `learning_rate`, `rate` of rows that `predict` calls
    outliers among those fitted on, `kinds` of a polars table's columns to learn from (None: as
    `reading.profile` guesses), `progress` called with the fraction of training done.
    """

    _variational = True


class AutoencoderDetector(_Detector):
    """Reconstruction error, the older technique: the same ensemble without noise or variance.

    Scores are minus half the squared error, up to a constant. Parameters as for `VAEDetector`.
    """

    _variational = False

    @property
    def training_errors_(self) -> Floats:
        """Reconstruction error of the rows fitted on, (n,): mean over columns, in squared sds."""
        gaussian, terms = self.columns_.gaussian, len(self.columns_.columns)
        squared = -2 * self.training_scores_ - gaussian * math.log(2 * math.pi)
        return np.asarray(squared / terms)
