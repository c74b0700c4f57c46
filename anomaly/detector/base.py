"""What both estimators share: columns, training, held-out scores, files."""

from __future__ import annotations

from abc import ABC, abstractmethod
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
FEWEST_IN_BATCH, VALUES_IN_BATCH = 16, 8192  # wide tables take smaller batches
ROWS_FOR_USUAL = 1024


class Detector(OutlierMixin, BaseEstimator, ABC):  # type: ignore[misc]  # untyped base
    """An ensemble whose members each leave a fold of the rows out. Parameters: `VAEDetector`."""

    _variational: ClassVar[bool]
    _learnt: ClassVar[tuple[str, ...]] = ("training_scores_", "training_log_probability_", "fold_")

    @abstractmethod
    def score_samples(self, X: Any) -> Floats:
        """(n,): the lower, the more anomalous."""

    @abstractmethod
    def _learn_scores(self, x: torch.Tensor, surprise: Floats, generator: torch.Generator) -> None:
        """Set `training_scores_` from what members say, (K, n), NaN where they learnt the row."""

    @abstractmethod
    def _yardstick(self, fold: int) -> Floats:
        """Scores of rows of a fold, by members that did not learn from it; for new rows."""

    @abstractmethod
    def _by_fold(self, x: torch.Tensor) -> Floats:
        """(n, F): scores by the members that did not learn from fold f, as new rows are judged."""

    def __init__(
        self,
        *,
        random_state: Any = 0,
        device: str = "auto",
        members: int = 4,
        folds: int = 2,
        hidden: int = 64,
        latent: int | None = None,
        floor: float = 0.2,
        beta: float = 0.01,
        trim: float = 0.15,
        references: int = 4096,
        samples: int = 2,
        steps: int = 300,
        batch: int = 32,
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
        self.references = references
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
        if not 2 <= self.folds <= self.members // 2:
            raise ValueError("At least two folds are needed, and two members for each.")
        self.fold_ = torch.randperm(len(x), generator=generator).numpy() % self.folds
        self._build(generator)
        rows = self._rows_to_learn_from(generator)
        train(
            self.model_,
            x.to(self.device_),
            rows.to(self.device_),
            steps=self.steps,
            batch=self.rows_in_batch_,
            learning_rate=self.learning_rate,
            beta=self.beta,
            trim=torch.tensor([self.trim if k % 2 else 0.0 for k in range(self.members)]),
            generator=generator,
            progress=self.progress,
        )
        self._score_training_rows(x, generator)
        return self

    def log_probability(self, X: Any) -> Floats:
        """Reconstruction log-probability of each row in nats, (n,): An & Cho, 2015, algorithm 4."""
        x = self._encode(X)
        return np.asarray(-self.evidence_.surprise(x).mean(axis=0))

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
        by_fold, p = self._by_fold(x), np.empty(len(x))
        judged_by = np.array([crc32(row.tobytes()) for row in x.numpy()]) % by_fold.shape[1]
        for f in range(by_fold.shape[1]):
            known, new = self._yardstick(f), judged_by == f
            p[new] = calibrate.conformal_p_values(known, by_fold[new, f])
        return p

    @property
    def training_p_values_(self) -> Floats:
        """The same for the rows fitted on, (n,), though some of them may be anomalies."""
        return calibrate.tail_p_values(self.training_scores_)

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
        storage.write(path, type(self).__name__, header, self._tensors())

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote. Raises ValueError if the file holds another detector."""
        header, tensors = storage.read(path, cls.__name__)
        self = cls(**header["parameters"])
        self.columns_ = Columns.from_json(header["columns"])
        self.n_features_in_, self.offset_ = header["features"], header["offset"]
        self._build(torch.Generator())
        self._restore(tensors)
        return self

    def _tensors(self) -> dict[str, torch.Tensor]:
        learnt = {name: torch.from_numpy(getattr(self, name)) for name in self._learnt}
        evidence = {"noise": self.evidence_.noise, "usual": self.evidence_.usual}
        return {"weights": self.model_.weights.data} | evidence | learnt

    def _restore(self, tensors: dict[str, torch.Tensor]) -> None:
        for name in self._learnt:
            setattr(self, name, tensors[name].numpy())
        self.model_.weights.data.copy_(tensors["weights"])
        noise, usual = (tensors[name].to(self.device_) for name in ("noise", "usual"))
        self.evidence_ = Evidence(self.model_, noise, usual)

    @property
    def rows_in_batch_(self) -> int:
        """Of each member, in each step of training."""
        width = max(1, self.model_.layout.width)
        return min(self.batch, max(FEWEST_IN_BATCH, VALUES_IN_BATCH // width), len(self.fold_) // 2)

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
        """The fold that each member does not learn from, (K,): pairs of members take turns."""
        return np.asarray(np.arange(self.members) // 2 % self.folds)

    def _judges(self, fold: int) -> list[int]:
        """The members that did not learn from a fold."""
        return [k for k in range(self.members) if self._held_out[k] == fold]

    def _rows_to_learn_from(self, generator: torch.Generator) -> torch.Tensor:
        """(K, m), each member's rows in random order."""
        rows = [torch.from_numpy(np.flatnonzero(self.fold_ != f)) for f in self._held_out]
        rows = [r[torch.randperm(len(r), generator=generator)] for r in rows]
        fewest = min(len(r) for r in rows)
        return torch.stack([r[:fewest] for r in rows])

    def _score_training_rows(self, x: torch.Tensor, generator: torch.Generator) -> None:
        """By the members that did not learn from a row; see `_learn_scores` for the rest."""
        noise = torch.randn(self.samples, self.members, 1, self.model_.latent, generator=generator)
        sample = x[torch.randperm(len(x), generator=generator)[:ROWS_FOR_USUAL]]
        self.evidence_ = Evidence.gather(self.model_, sample, noise.to(self.device_))
        surprise = np.full((self.members, len(x)), np.nan)
        for f in range(self.folds):
            rows, judges = self.fold_ == f, self._judges(f)
            surprise[np.ix_(self._held_out == f, rows)] = self.evidence_.of(judges).surprise(
                x[rows]
            )
        self.training_log_probability_ = -np.nanmean(surprise, axis=0)
        self._learn_scores(x, surprise, generator)
        self.offset_ = float(np.quantile(self.training_scores_, self.rate))

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
