"""Tables to hand in."""

import csv
import io

import numpy as np
import pytest
from django.core.files.base import ContentFile

from anomaly.datasets import actions as datasets
from anomaly.datasets import checking, store
from anomaly.datasets.inspection import Understood, inspect
from anomaly.datasets.models import Dataset


def small_table(rows: int = 60, seed: int = 0, label: bool = False) -> str:
    """Two columns that go together, the last three rows out of step with each other."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=rows)
    y = 2 * x + 0.1 * chance.normal(size=rows)
    y[-3:] = [9.0, -9.0, 12.0]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["x", "y", "odd"] if label else ["x", "y"])
    for i in range(rows):
        row = [f"{x[i]:.4f}", f"{y[i]:.4f}"]
        writer.writerow([*row, "yes" if i >= rows - 3 else "no"] if label else row)
    return out.getvalue()


def table_file(name: str = "sensors.csv", text: str | None = None, **options) -> ContentFile:
    return ContentFile((text or small_table(**options)).encode(), name)


@pytest.fixture(scope="session")
def understood(tmp_path_factory) -> Understood:
    """What a child process understood of the small table, found out once."""
    path = tmp_path_factory.mktemp("small") / "sensors.csv"
    path.write_text(small_table())
    return inspect(path, path.name, patience=900)  # however busy the machine is


@pytest.fixture
def dataset(author, draft, understood) -> Dataset:
    stored = store.keep([small_table().encode()], limit=10_000)
    return with_content(author, draft, "sensors.csv", stored, understood)


def with_content(user, submission, name: str, stored: store.Stored, understood) -> Dataset:
    """A data set as a child has understood it before."""
    return checking.conclude(datasets.accept(user, submission, name, stored), understood)


def breast_cancer() -> str:
    """scikit-learn's table of 569 cell samples: all 357 benign rows and 20 malignant ones."""
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    benign = np.flatnonzero(bunch.target == 1)
    malignant = np.flatnonzero(bunch.target == 0)[:20]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*bunch.feature_names, "diagnosis"])
    for i in np.concatenate([benign, malignant]):
        writer.writerow([*bunch.data[i], bunch.target_names[bunch.target[i]]])
    return out.getvalue()
