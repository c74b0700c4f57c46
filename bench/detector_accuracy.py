"""Accuracy and time of the detector beside its peers, on public tables, by both protocols.

    python bench/detector_accuracy.py --tables ../shared/data/adbench

Prints mean AUROC and average precision over the tables. Peers come from PyOD
(`pip install podium[bench]`); those that are not installed are left out. One thread.
"""

from __future__ import annotations

import argparse
import importlib
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from detector_tables import TABLES, Task, tasks
from sklearn.metrics import average_precision_score, roc_auc_score

from anomaly.detector import AutoencoderDetector, VAEDetector

PYOD: dict[str, tuple[str, dict[str, Any]]] = {
    "IForest": ("iforest", {"random_state": 0}),
    "KNN": ("knn", {}),
    "GMM": ("gmm", {"random_state": 0}),
    "HBOS": ("hbos", {}),
    "ECOD": ("ecod", {}),
    "AutoEncoder": ("auto_encoder", {"random_state": 0, "verbose": 0}),
    "VAE": ("vae", {"random_state": 0, "verbose": 0}),
}
Method = Callable[[Task], np.ndarray]


def ours(detector: type[VAEDetector]) -> Method:
    def surprise(task: Task) -> np.ndarray:
        fitted = detector().fit(task.fit)
        if task.protocol == "unlabelled":
            return -fitted.training_scores_  # as `decision_scores_` of PyOD
        return -fitted.score_samples(task.score)

    return surprise


def pyod(name: str) -> Method:
    module, options = PYOD[name]

    def surprise(task: Task) -> np.ndarray:
        fitted = getattr(importlib.import_module(f"pyod.models.{module}"), name)(**options)
        fitted.fit(task.fit)
        if task.protocol == "unlabelled":
            return np.asarray(fitted.decision_scores_)
        return np.asarray(fitted.decision_function(task.score))

    return surprise


def works(name: str) -> bool:
    """Whether a peer, and what it needs, is installed."""
    try:
        importlib.import_module(f"pyod.models.{PYOD[name][0]}")
    except ImportError as error:
        print(f"PyOD {name} is left out: {error}")
        return False
    return True


def measured(method: Method, task: Task) -> tuple[float, float, float]:
    """AUROC, average precision, processor seconds; a peer that fails counts as a coin.

    Processor time, because with one thread it is what a quiet machine would take.
    """
    began = time.process_time()
    try:
        surprise = method(task)
        figures = roc_auc_score(task.truth, surprise), average_precision_score(task.truth, surprise)
    except (ValueError, np.linalg.LinAlgError):
        figures = 0.5, float(task.truth.mean())
    return (*figures, time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--only", default="", help="part of a table's name")
    parser.add_argument("--half", type=int, choices=[0, 1], help="every other table")
    parser.add_argument("--peers", default=",".join(PYOD), help="comma-separated; empty for none")
    parser.add_argument("--each", action="store_true", help="print every table")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    methods = {"VAEDetector": ours(VAEDetector), "AutoencoderDetector": ours(AutoencoderDetector)}
    methods |= {f"PyOD {n}": pyod(n) for n in options.peers.split(",") if n in PYOD and works(n)}
    print_means(run(methods, options), list(methods))


def run(methods: dict[str, Method], options: argparse.Namespace) -> dict[tuple[str, str], list]:
    figures: dict[tuple[str, str], list] = {}
    for task in tasks(options.tables, only=options.only, half=options.half):
        for name, method in methods.items():
            auroc, precision, seconds = measured(method, task)
            figures.setdefault((name, task.protocol), []).append((auroc, precision, seconds))
            if options.each:
                line = f"{task.table:22}{task.protocol:12}{name:22}"
                print(f"{line}{auroc:7.3f}{precision:7.3f}{seconds:8.2f} s", flush=True)
    return figures


def print_means(figures: dict[tuple[str, str], list], names: list[str]) -> None:
    count = len(next(iter(figures.values())))
    print(
        f"\nMean over {count} tables   unlabelled AUROC     AP   one-class AUROC     AP   seconds"
    )
    for name in names:
        both = [np.array(figures[name, protocol]) for protocol in ("unlabelled", "one-class")]
        cells = "".join(f"{b[:, 0].mean():17.3f}{b[:, 1].mean():7.3f}" for b in both)
        print(f"{name:24}{cells}{sum(b[:, 2].sum() for b in both):10.1f}")


if __name__ == "__main__":
    main()
