"""Public tables that ship inside scikit-learn, as CSV files with planted or natural anomalies."""

import csv
import io
from collections.abc import Callable, Iterable

import numpy as np
from sklearn import datasets
from sklearn.utils import Bunch

Rows = Iterable[Iterable[object]]


def _csv(header: list[str], rows: Rows) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def _mixed(bunch: Bunch, common: list[int], rare: list[int], keep: int) -> np.ndarray:
    """Row numbers of all of the common classes and the first `keep` of the rare ones, in order."""
    usual = np.flatnonzero(np.isin(bunch.target, common))
    odd = np.flatnonzero(np.isin(bunch.target, rare))[:keep]
    return np.sort(np.concatenate([usual, odd]))


def breast_cancer() -> bytes:
    """All 357 benign cases and 20 malignant ones."""
    bunch = datasets.load_breast_cancer()
    chosen = _mixed(bunch, common=[1], rare=[0], keep=20)
    names = bunch.target_names[bunch.target]
    return _csv([*bunch.feature_names, "diagnosis"], [[*bunch.data[i], names[i]] for i in chosen])


def wine() -> bytes:
    """The wines of two growers and ten of a third."""
    bunch = datasets.load_wine()
    chosen = _mixed(bunch, common=[0, 1], rare=[2], keep=10)
    kind = np.where(bunch.target == 2, "third grower", "usual")
    return _csv([*bunch.feature_names, "grower"], [[*bunch.data[i], kind[i]] for i in chosen])


def digits() -> bytes:
    """All zeros, 8 x 8 grey values each, and fifteen other digits."""
    bunch = datasets.load_digits()
    chosen = _mixed(bunch, common=[0], rare=list(range(1, 10)), keep=15)
    kind = np.where(bunch.target == 0, "zero", "other")
    header = [f"pixel {r},{c}" for r in range(8) for c in range(8)]
    return _csv([*header, "digit"], [[*bunch.data[i].astype(int), kind[i]] for i in chosen])


def diabetes() -> bytes:
    """442 patients, without any label: nobody knows which of them are odd."""
    bunch = datasets.load_diabetes(scaled=False)
    return _csv(
        [*bunch.feature_names, "progression"],
        [[*row, target] for row, target in zip(bunch.data, bunch.target, strict=True)],
    )


TABLES: dict[str, tuple[Callable[[], bytes], str]] = {
    "breast-cancer": (breast_cancer, "diagnosis"),
    "wine": (wine, "grower"),
    "digits": (digits, "digit"),
    "diabetes": (diabetes, ""),
}
"""name -> (maker, label column or nothing)"""
