"""Tables too large for one worker: learn from a sample, score the rows in parts anywhere, merge.

Each row's score depends on the fitted networks and on that row alone, so parts scored by many
workers, one after the other or again after a crash, make the same result as one process
(`score_in_parts`). Between the steps lie plain files:

    fitted/   plan.json, table.parquet (one row group a part), vae and autoencoder as safetensors
    part/     scores.parquet: the three numbers of each of its rows
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anomaly.detector import scoring
from anomaly.detector.scoring import Progress

ROWS_TO_LEARN_FROM = 100_000


def fit(
    path: str | Path,
    out: str | Path,
    *,
    filename: str | None = None,
    roles: dict[str, str] | None = None,
    kinds: dict[str, str] | None = None,
    told: dict[str, str] | None = None,
    seed: int = 0,
    device: str = "auto",
    rate: float = 0.05,
    part_rows: int,
    sample_rows: int = ROWS_TO_LEARN_FROM,
    progress: Progress | None = None,
) -> int:
    """Fit to at most `sample_rows` of the table's rows; returns into how many parts the table
    falls. Raises TableError."""
    tell = progress or (lambda stage, fraction: None)
    began = time.perf_counter()
    tell("reading", 0.0)
    name = filename or Path(path).name
    frame, table = scoring.understood(path, name, roles or {}, kinds, told)
    sample = frame.sample(min(sample_rows, frame.height), seed=seed, shuffle=True)
    vae, autoencoder = scoring._fit(sample, table["columns"], seed, device, rate, tell)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(folder / "table.parquet", row_group_size=part_rows)
    vae.save(folder / "vae.safetensors")
    autoencoder.save(folder / "autoencoder.safetensors")
    parts = -(-frame.height // part_rows)
    stamp = scoring._stamp(vae, time.perf_counter() - began)
    plan = {"table": table, "rate": rate, "part_rows": part_rows, "parts": parts, "stamp": stamp}
    plan["sample"] = sample.height
    (folder / "plan.json").write_text(json.dumps(plan))
    tell("writing", 1.0)
    return parts


def plan_of(fitted: str | Path) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((Path(fitted) / "plan.json").read_text())
    return plan


def score(
    fitted: str | Path, out: str | Path, *, part: int, progress: Progress | None = None
) -> None:
    """Score the rows of one part, 0 <= part < parts."""
    from anomaly.detector.detector import AutoencoderDetector, VAEDetector

    tell = progress or (lambda stage, fraction: None)
    tell("reading", 0.0)
    folder, size = Path(fitted), plan_of(fitted)["part_rows"]
    rows = pl.scan_parquet(folder / "table.parquet").slice(part * size, size).collect()
    vae = VAEDetector.load(folder / "vae.safetensors")
    tell("scoring", 0.1)
    of_same_table = vae.score_samples(rows, novelty=False)
    columns = {"score": of_same_table, "log_probability": vae.log_probability(rows)}
    tell("scoring", 0.7)
    autoencoder = AutoencoderDetector.load(folder / "autoencoder.safetensors")
    columns["autoencoder"] = autoencoder.score_samples(rows)
    Path(out).mkdir(parents=True, exist_ok=True)
    pl.DataFrame(columns).write_parquet(Path(out) / "scores.parquet")
    tell("writing", 1.0)


def merge(
    fitted: str | Path,
    parts: Sequence[str | Path],
    out: str | Path,
    *,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Put the parts, in their order, together as `scoring.score_file` would; returns the summary.

    Raises ValueError if a row has no score.
    """
    from anomaly.detector.detector import AutoencoderDetector, VAEDetector
    from anomaly.detector.summary import summarise

    tell = progress or (lambda stage, fraction: None)
    tell("reading", 0.0)
    folder, plan = Path(fitted), plan_of(fitted)
    frame = pl.read_parquet(folder / "table.parquet")
    scores = _scores(parts, frame.height)
    vae = VAEDetector.load(folder / "vae.safetensors")
    autoencoder = AutoencoderDetector.load(folder / "autoencoder.safetensors")
    # The evidence of all rows takes the place of that of the sample.
    vae.training_scores_ = scores["score"].to_numpy()
    vae.training_log_probability_ = scores["log_probability"].to_numpy()
    autoencoder.training_scores_ = scores["autoencoder"].to_numpy()
    tell("explaining", 0.3)
    table, summary = summarise(frame, plan["table"], vae, autoencoder, plan["rate"])
    summary["calibration"] = (
        f"The networks learnt from {plan['sample']} of the {frame.height} rows, and every row was "
        "scored by those that did not learn from it; its p-value is twice the smaller one of its "
        "score and of its log-probability, which beyond the upper quarter follow a generalised "
        "Pareto tail."
    )
    summary["stamp"] = plan["stamp"] | {"parts": plan["parts"]}
    tell("writing", 0.9)
    scoring._write(Path(out), table, summary, html=False)
    tell("writing", 1.0)
    return summary


def _scores(parts: Iterable[str | Path], rows: int) -> pl.DataFrame:
    scores = pl.concat([pl.read_parquet(Path(part) / "scores.parquet") for part in parts])
    if scores.height != rows or not np.isfinite(scores.to_numpy()).all():
        raise ValueError(f"{scores.height} scores for {rows} rows")
    return scores


def score_in_parts(path: str | Path, out: str | Path, **options: Any) -> dict[str, Any]:
    """All steps in this process, one after the other; options as of `fit`. Raises TableError."""
    fitted = Path(out) / "fitted"
    folders = [Path(out) / f"part-{part}" for part in range(fit(path, fitted, **options))]
    for number, folder in enumerate(folders):
        score(fitted, folder, part=number)
    return merge(fitted, folders, Path(out) / "result")
