"""Reconstruction probability for tables (An & Cho 2015), without Django and without Celery.

Importing this package is cheap: torch is loaded when an estimator is first touched.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anomaly.detector.detector import AutoencoderDetector, VAEDetector

__all__ = ["AutoencoderDetector", "VAEDetector"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("anomaly.detector.detector"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
