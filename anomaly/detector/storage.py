"""A fitted detector as one file: safetensors, with JSON in its header. Never pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor


def write(path: str | Path, kind: str, header: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    """`kind` names the detector; `header` must be fit for JSON."""
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, path, metadata={"podium": json.dumps({"kind": kind, **header})})


def read(path: str | Path, kind: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Header and tensors. Raises ValueError if the file holds another kind of detector."""
    with safe_open(path, framework="pt") as file:
        header = json.loads((file.metadata() or {}).get("podium", "{}"))
        names = list(file.keys())
        tensors = {name: file.get_tensor(name) for name in names}
    found = header.pop("kind", "file of something else")
    if found != kind:
        raise ValueError(f"The file holds a {found}, not a {kind}.")
    return header, tensors
