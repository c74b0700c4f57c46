"""What a caller hands in, as flat columns of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def codes(values: ArrayLike, name: str) -> Codes:
    """Whole numbers from 0, (m,); raises ``ValueError`` that names the column."""
    array = numbers(values, name)
    if np.any(array < 0) or np.any(array != np.floor(array)):
        raise ValueError(f"{name} must hold whole numbers from 0.")
    return array.astype(np.int64)


def numbers(values: ArrayLike, name: str) -> Floats:
    """Finite numbers, (m,); raises ``ValueError`` that names the column."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers.") from error
    if array.ndim != 1:
        raise ValueError(f"{name} must be one flat list of numbers.")
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must hold finite numbers; leave out what was not scored.")
    return array
