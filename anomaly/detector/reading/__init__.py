"""Reading tables that nobody vouches for, without torch and without surprises.

A file becomes a polars DataFrame or a `TableError` whose text is one sentence for people: CSV, TSV,
JSON Lines, Parquet, NPY, NPZ, XLSX and ARFF, each also inside gzip, zstd or a zip with one member.
`profile` says what was understood: columns, kinds, roles, missing values.

Importing this package is cheap: polars is loaded when there is something to parse.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.limits import Limits
from anomaly.detector.reading.opening import read, read_table

if TYPE_CHECKING:
    from anomaly.detector.reading.columns import KINDS, ROLES, guessed_kinds, profile, retyped
    from anomaly.detector.reading.tables import MISSING, Table

__all__ = [
    "KINDS",
    "MISSING",
    "ROLES",
    "Limits",
    "Table",
    "TableError",
    "guessed_kinds",
    "profile",
    "read",
    "read_table",
    "retyped",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    where = "tables" if name in ("MISSING", "Table") else "columns"
    return getattr(import_module(f"anomaly.detector.reading.{where}"), name)
