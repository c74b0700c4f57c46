"""The evidence of one scoring run: which rows, how surely, and because of which columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, roc_auc_score

from anomaly.detector.calibrate import FEWEST_FOR_TAIL, benjamini_hochberg
from anomaly.detector.detector import AutoencoderDetector, VAEDetector

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RATES = (0.01, 0.05, 0.1, 0.2)
TOP_ROWS, TOP_COLUMNS, TOP_OF_BOTH, BINS, POINTS = 50, 5, 20, 40, 3000
FEW_ROWS = 200
NAMED = 5  # columns that share a note; the rest are counted


def summarise(
    frame: pl.DataFrame,
    table: dict[str, Any],
    vae: VAEDetector,
    autoencoder: AutoencoderDetector,
    rate: float,
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The table of scores, one line a row, and the summary, ready for JSON."""
    columns = table["columns"]
    label = next((c["name"] for c in columns if c["role"] == "label"), None)
    score, error = vae.training_scores_, autoencoder.training_errors_
    probability = vae.training_log_probability_
    p_value = vae.training_p_values_
    flagged = benjamini_hochberg(p_value, rate)
    scores = pl.DataFrame(
        {
            "row": np.arange(1, len(score) + 1),
            "score": score,
            "log_probability": probability,
            "error": error,
            "p_value": p_value,
            "flagged": flagged,
        }
    )
    answer = frame.get_column(label) if label else None
    if answer is not None:
        free = answer.name if answer.name not in scores.columns else f"{answer.name}_label"
        scores = scores.with_columns(answer.alias(free))
    counted = [int(benjamini_hochberg(p_value, r).sum()) for r in RATES]
    return scores, {
        "version": 1,
        "rows": len(score),
        "columns": [{k: c[k] for k in ("name", "kind", "role", "note")} for c in columns],
        "rate": rate,
        "flagged": int(flagged.sum()),
        "rates": [{"rate": r, "flagged": n} for r, n in zip(RATES, counted, strict=True)],
        "calibration": _calibration(vae),
        "histogram": _histogram(score, flagged),
        "top": _top(frame, scores, answer, vae),
        "comparison": _comparison(probability, error, flagged),
        "label": None if answer is None else _label(answer, score, probability, error),
        "warnings": _warnings(frame, table, answer),
    }


def _calibration(vae: VAEDetector) -> str:
    rows, folds = len(vae.training_scores_), int(vae.fold_.max()) + 1
    start = (
        f"Each of the {rows} rows was scored by networks that did not train on it ({folds} folds)"
    )
    start += "; its p-value is twice the smaller one of its score and of its log-probability"
    if rows < FEWEST_FOR_TAIL:
        return f"{start}, which are its ranks among them, for want of more rows."
    return (
        f"{start}; beyond the upper quarter these follow a generalised Pareto tail fitted between "
        "the 75th and the 90th percentile."
    )


def _histogram(score: Floats, flagged: NDArray[np.bool_]) -> dict[str, Any]:
    """Counts of all and of flagged rows; the first bin also holds all that lie below it."""
    low, middle, high = np.quantile(score, [0.25, 0.5, 1.0])
    floor = max(float(score.min()), float(middle - 10 * (high - low)))
    shown = np.maximum(score, floor)
    counts, edges = np.histogram(shown, bins=min(BINS, max(5, len(score) // 5)))
    marked, _ = np.histogram(shown[flagged], bins=edges)
    return {"edges": edges.tolist(), "counts": counts.tolist(), "flagged": marked.tolist()}


def _top(
    frame: pl.DataFrame, scores: pl.DataFrame, answer: pl.Series | None, vae: VAEDetector
) -> list[dict[str, Any]]:
    """The most anomalous rows, flagged ones first, each with the columns that make it so."""
    score, flagged = (scores.get_column(name).to_numpy() for name in ("score", "flagged"))
    rows = np.lexsort((score, ~flagged))[:TOP_ROWS]
    chosen = frame[rows.tolist()]
    shares, expected = vae.explain(chosen), vae.expected(chosen)
    names = [column.name for column in vae.columns_.columns]
    top = []
    for i, row in enumerate(scores[rows.tolist()].iter_rows(named=True)):
        item = {key: row[key] for key in ("row", "score", "log_probability", "error", "p_value")}
        item["flagged"] = row["flagged"]
        item["label"] = None if answer is None else _text(answer[int(rows[i])])
        item["columns"] = [
            {
                "name": names[j],
                "share": float(shares[i, j]),
                "value": _text(chosen.item(i, names[j])),
                "expected": expected[i][j],
            }
            for j in np.argsort(-shares[i])[:TOP_COLUMNS]
            if shares[i, j] > 0.005
        ]
        top.append(item)
    return top


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _comparison(probability: Floats, error: Floats, flagged: NDArray[np.bool_]) -> dict[str, Any]:
    """Where reconstruction probability and reconstruction error agree and differ."""
    n = len(probability)
    k = min(TOP_OF_BOTH, max(1, n // 10))
    probable, erroneous = np.argsort(probability)[:k], np.argsort(-error)[:k]
    where = np.full(n, "neither", dtype="<U16")
    where[probable] = "only_probability"
    where[erroneous] = "only_error"
    where[np.intersect1d(probable, erroneous)] = "both"
    vary = np.ptp(probability) and np.ptp(error)
    spearman = float(spearmanr(-probability, error).statistic) if vary else 0.0
    points = [
        {
            "row": int(i) + 1,
            "log_probability": float(probability[i]),
            "error": float(error[i]),
            "flagged": bool(flagged[i]),
            "where": str(where[i]),
        }
        for i in _shown(where, flagged)
    ]
    lists = {
        name: (np.flatnonzero(where == name) + 1).tolist()
        for name in ("both", "only_probability", "only_error")
    }
    return {
        "spearman": spearman,
        "top": k,
        "overlap": len(lists["both"]),
        **lists,
        "points": points,
    }


def _shown(where: NDArray[np.str_], flagged: NDArray[np.bool_]) -> Integers:
    """At most POINTS rows: both top lists, then flagged ones, then a fair sample of the rest."""
    rest = np.random.default_rng(0).permutation(len(where))
    urgency = 2 * (where[rest] != "neither") + flagged[rest]
    return np.sort(rest[np.argsort(-urgency, kind="stable")][:POINTS])


def _label(
    answer: pl.Series, score: Floats, probability: Floats, error: Floats
) -> dict[str, Any] | None:
    """How well the score, and each method alone, finds the rarer of the label's two values."""
    counts = answer.drop_nulls().value_counts(sort=True, name="count")
    if counts.height != 2:
        return None
    rare = counts.get_column(answer.name)[1]
    known = answer.is_not_null().to_numpy()
    truth = (answer == rare).fill_null(False).to_numpy()[known]
    score, probability, error = score[known], probability[known], error[known]
    return {
        "column": answer.name,
        "anomalous_value": str(rare),
        "anomalies": int(truth.sum()),
        "auroc": float(roc_auc_score(truth, -score)),
        "average_precision": float(average_precision_score(truth, -score)),
        "auroc_probability": float(roc_auc_score(truth, -probability)),
        "average_precision_probability": float(average_precision_score(truth, -probability)),
        "auroc_error": float(roc_auc_score(truth, error)),
        "average_precision_error": float(average_precision_score(truth, error)),
    }


def _warnings(frame: pl.DataFrame, table: dict[str, Any], answer: pl.Series | None) -> list[str]:
    """What a reader of the scores should know, one sentence each."""
    noted: dict[str, list[str]] = {}
    for column in table["columns"]:
        if column["note"]:
            noted.setdefault(column["note"], []).append(column["name"])
    said = [f"{_listed(names)}: {note}" for note, names in noted.items()]
    for column in table["columns"]:
        if column["role"] == "feature" and _holds_infinity(frame.get_column(column["name"])):
            said.append(f"{column['name']}: holds infinite values, scored as very large ones.")
    if table["rows"] < FEW_ROWS:
        said.append(f"Only {table['rows']} rows: what is usual can be told only roughly.")
    if table["duplicates"]:
        said.append(f"{table['duplicates']} rows repeat an earlier row.")
    if answer is not None and answer.drop_nulls().n_unique() != 2:
        said.append(f"{answer.name}: a label needs exactly two values to measure accuracy.")
    return said


def _listed(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _holds_infinity(series: pl.Series) -> bool:
    return series.dtype.is_float() and bool(series.is_infinite().any())
