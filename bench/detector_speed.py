"""Time to fit and score, beside PyOD's VAE and AutoEncoder, and where ours goes.

    python bench/detector_speed.py --tables ../shared/data/adbench

One thread, processor time. The share of the machine is the arithmetic of the networks' layers,
counted, over the rate of one large matrix multiply, measured here.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from detector_accuracy import measured, ours, pyod
from detector_tables import TABLES, Task, tasks
from torch.profiler import ProfilerActivity, profile

from anomaly.detector import VAEDetector


def machine_rate(size: int = 1024, repeats: int = 10) -> float:
    """Floating-point operations a second of a large single-precision matrix multiply."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    a @ b
    began = time.process_time()
    for _ in range(repeats):
        a @ b
    return 2 * size**3 * repeats / (time.process_time() - began)


def phases(task: Task) -> tuple[float, float, float, float]:
    """Seconds and operations of training, and of scoring the rows trained on."""
    ends: list[float] = []
    detector = VAEDetector(progress=lambda _: ends.append(time.process_time()))
    began = time.process_time()
    detector.fit(task.fit)
    scored = time.process_time() - ends[-1]  # fitting ends with scoring every row
    width, hidden = task.fit.shape[1], detector.hidden
    latent, judges = detector.model_.latent, detector.members // detector.folds
    encode = width * hidden + hidden * 2 * latent
    decode = latent * hidden + hidden * 2 * width
    rows = detector.rows_in_batch_
    step = 3 * 2 * detector.members * rows * (encode + decode)  # forward, and backward twice
    distances = sum(len(space.references) for space in detector.neighbours_.spaces) * width
    row = 2 * judges * (encode + detector.samples * decode) + 2 * distances
    return ends[-1] - began, step * detector.steps, scored, row * len(task.fit)


def where_the_rest_goes(task: Task) -> None:
    with profile(activities=[ProfilerActivity.CPU]) as measured_run:
        VAEDetector().fit(task.fit)
    print(f"\nWhere the time of one fit goes ({task.table}):")
    events = sorted(measured_run.key_averages(), key=lambda e: -e.self_cpu_time_total)
    total = sum(event.self_cpu_time_total for event in events)
    for event in events[:12]:
        print(f"  {event.key:40}{event.self_cpu_time_total / total:7.1%}{event.count:9} calls")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--only", default="", help="part of a table's name")
    parser.add_argument("--half", type=int, choices=[0, 1], help="every other table")
    parser.add_argument("--peers", default="VAE,AutoEncoder", help="of PyOD; empty for none")
    options = parser.parse_args()
    torch.set_num_threads(1)
    methods = {"VAEDetector": ours(VAEDetector)}
    methods |= {name: pyod(name) for name in options.peers.split(",") if name}
    total = dict.fromkeys(methods, 0.0)
    spent = [0.0] * 4
    found = tasks(options.tables, only=options.only, half=options.half)
    unlabelled = [task for task in found if task.protocol == "unlabelled"]
    for method in methods.values():
        measured(
            method, min(unlabelled, key=lambda task: task.fit.size)
        )  # imports and first calls are not what is measured
    for task in unlabelled:
        seconds = {name: measured(method, task)[2] for name, method in methods.items()}
        total = {name: total[name] + seconds[name] for name in methods}
        spent = [a + b for a, b in zip(spent, phases(task), strict=True)]
        cells = "".join(f"{name} {s:8.2f} s   " for name, s in seconds.items())
        print(f"{task.table:22}{len(task.fit):7} x {task.fit.shape[1]:<6}{cells}", flush=True)
    for name, seconds_of in total.items():
        print(f"{name:14}{seconds_of:9.1f} s, {seconds_of / total['VAEDetector']:6.1f} times ours")
    rate = machine_rate()
    print(f"large matrix multiply {rate / 1e9:.1f} Gflop/s on one thread")
    training, scoring = spent[1] / spent[0] / rate, spent[3] / spent[2] / rate
    print(f"training reaches {training:.0%} of it, scoring {scoring:.0%}")
    where_the_rest_goes(unlabelled[0])


if __name__ == "__main__":
    main()
