"""One scoring run: a file goes in; scores, evidence and a summary come out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from anomaly.detector.reading import ROLES, TableError, profile, read, retyped
from anomaly.detector.reading.limits import UNLIMITED

if TYPE_CHECKING:
    from anomaly.detector.detector import AutoencoderDetector, VAEDetector

Progress = Callable[[str, float], None]

FEWEST_ROWS = 20


def score_file(
    path: str | Path,
    out: str | Path,
    *,
    filename: str | None = None,
    roles: dict[str, str] | None = None,
    kinds: dict[str, str] | None = None,
    told: dict[str, str] | None = None,
    label: str | None = None,
    seed: int = 0,
    device: str = "auto",
    rate: float = 0.05,
    html: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Score the table at `path`; write scores.csv, scores.parquet, summary.json (and report.html).

    `roles` overrules the roles guessed by `reading.profile`; `label` is short for one of them.
    `kinds` likewise overrules the kinds of columns, `told` how the file is read (`reading.read`).
    `progress` is called with a stage and the fraction of the whole. Returns the summary.
    Raises TableError.
    """
    tell = progress or (lambda stage, fraction: None)
    began = time.perf_counter()
    tell("reading", 0.0)
    chosen = {**(roles or {}), **({label: "label"} if label else {})}
    frame, table = understood(path, filename or Path(path).name, chosen, kinds, told)
    vae, autoencoder = _fit(frame, table["columns"], seed, device, rate, tell)
    from anomaly.detector.summary import summarise  # needs the fitted estimators

    tell("explaining", 0.9)
    scores, summary = summarise(frame, table, vae, autoencoder, rate)
    summary["stamp"] = _stamp(vae, time.perf_counter() - began)
    tell("writing", 0.95)
    _write(Path(out), scores, summary, html)
    tell("writing", 1.0)
    return summary


def understood(
    path: str | Path,
    filename: str,
    roles: dict[str, str],
    kinds: dict[str, str] | None = None,
    told: dict[str, str] | None = None,
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The rows, and the profile of columns that can be scored. Raises TableError.

    How large a table may be was decided before it came here.
    """
    found = read(path, filename=filename, told=told, limits=UNLIMITED)
    frame = retyped(found.frame, kinds or {})
    table = profile(frame, notes=found.notes, kinds=kinds)
    _assign_roles(table["columns"], roles)
    _refuse_unscorable(table, filename)
    return frame, table


def _assign_roles(columns: list[dict[str, Any]], roles: dict[str, str]) -> None:
    """Overrule guessed roles in place; a named label replaces a guessed one."""
    known = {column["name"]: column for column in columns}
    for name, role in roles.items():
        if name not in known:
            raise TableError("table.unknown_column", f"The table has no column named {name}.")
        if role not in ROLES:
            raise TableError("table.unknown_role", f"{role} is not a role: {', '.join(ROLES)}.")
    if "label" in roles.values():
        for column in columns:
            if column["role"] == "label":
                column["role"], column["note"] = "ignore", "Another column is the label."
    for name, role in roles.items():
        if known[name]["role"] != role:  # else what was noted of the column still holds
            known[name]["role"] = role
            known[name]["note"] = "" if role in ("feature", "label") else "Left out on request."


def _refuse_unscorable(table: dict[str, Any], name: str) -> None:
    if table["rows"] < FEWEST_ROWS:
        raise TableError(
            "table.too_few_rows",
            f"{name} has {table['rows']} rows; "
            f"at least {FEWEST_ROWS} are needed to tell what is usual.",
        )
    labels = [column["name"] for column in table["columns"] if column["role"] == "label"]
    if len(labels) > 1:
        raise TableError(
            "table.labels", f"Only one column can be the label, not {', '.join(labels)}."
        )
    if not any(column["role"] == "feature" for column in table["columns"]):
        reasons = "; ".join(
            f"{column['name']}: {column['note'] or column['role']}"
            for column in table["columns"][:5]
        )
        raise TableError("table.no_features", f"No column of {name} can be scored ({reasons})")


def _fit(
    frame: pl.DataFrame,
    columns: list[dict[str, Any]],
    seed: int,
    device: str,
    rate: float,
    tell: Progress,
) -> tuple[VAEDetector, AutoencoderDetector]:
    """Both methods on the same columns; the torch import waits until here."""
    tell("training", 0.05)
    from anomaly.detector.detector import AutoencoderDetector, VAEDetector

    kinds = {column["name"]: column["kind"] for column in columns if column["role"] == "feature"}
    shared: dict[str, Any] = {"random_state": seed, "device": device, "rate": rate, "kinds": kinds}
    vae = VAEDetector(**shared, progress=lambda done: tell("training", 0.05 + 0.45 * done))
    vae.fit(frame)
    autoencoder = AutoencoderDetector(
        **shared, progress=lambda done: tell("training", 0.5 + 0.35 * done)
    )
    autoencoder.fit(frame)
    tell("scoring", 0.85)
    return vae, autoencoder


def _stamp(detector: VAEDetector, seconds: float) -> dict[str, Any]:
    """What was run, so that it can be run again."""
    parameters = detector.get_params()
    left_out = ("progress", "kinds", "random_state", "device")
    try:
        podium = version("podium")
    except PackageNotFoundError:
        podium = "unknown"
    return {
        "podium": podium,
        "torch": version("torch"),
        "device": str(detector.device_),
        "seed": parameters["random_state"],
        "seconds": round(seconds, 2),
        "detector": type(detector).__name__,
        "parameters": {k: v for k, v in parameters.items() if k not in left_out},
    }


def _write(out: Path, scores: pl.DataFrame, summary: dict[str, Any], html: bool) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        scores.write_parquet(out / "scores.parquet")
        _without_formulas(scores).write_csv(out / "scores.csv")
        text = json.dumps(summary, indent=1, allow_nan=False, ensure_ascii=False)
        (out / "summary.json").write_text(text, encoding="utf-8")
        if html:
            from anomaly.detector.report import render

            (out / "report.html").write_text(render(summary), encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise TableError("report.unwritable", f"{out} cannot be written to: {reason}.") from error


def _without_formulas(scores: pl.DataFrame) -> pl.DataFrame:
    """Cells that a spreadsheet would run get a leading apostrophe (OWASP, CSV injection)."""

    safe = scores.with_columns(pl.col(pl.String).str.replace(r"^[=+\-@\t\r]", "'$0"))
    return safe.rename(lambda name: f"'{name}" if name.startswith(("=", "+", "-", "@")) else name)
