"""Many real fits while people read pages (L7): who waits for whom, and do the fits slow pages?

    python bench/many_fits.py                               # 200 fits of 10,000 x 20, 50 teams
    python bench/many_fits.py --jobs 40 --greedy 20 --teams 11 --rows 2000

One team asks for half of all, first. Prints how long each team's jobs waited for their turn, and
p95 of pages before and during the fits. Exit code 1 if a job fails, or if a team other than the
greedy one waits for more than three times the median of all but the greedy one.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import site_under_test as site

from tests.servers import free_port

PORT = free_port()
PAUSE = 0.1  # seconds between two pages


def table(number: int, rows: int, columns: int) -> bytes:
    values = np.random.default_rng(number).normal(size=(rows, columns)).round(4)
    head = ",".join(f"c{n}" for n in range(columns))
    return (head + "\n" + "\n".join(",".join(map(str, row)) for row in values) + "\n").encode()


class Reader(threading.Thread):
    """Reads a page now and then, and notes what it took."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self.path, self.took, self.ended = path, [], threading.Event()
        self.errors = 0

    def run(self) -> None:
        while not self.ended.wait(PAUSE):
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
            try:
                connection.request("GET", self.path)
                self.errors += connection.getresponse().status != 200
            except OSError:
                self.errors += 1
            finally:
                connection.close()
            self.took.append(time.monotonic() - began)

    @classmethod
    def until(cls, path: str, over) -> Reader:
        reader = cls(path)
        reader.start()
        while not over():
            time.sleep(0.5)
        reader.ended.set()
        reader.join()
        return reader

    def __str__(self) -> str:
        shares = ", ".join(
            f"p{100 * share:.0f} {1000 * site.percentile(self.took, share):.0f} ms"
            for share in (0.5, 0.95, 0.99)
        )
        return f"{len(self.took)} pages, {shares}, {self.errors} errors"


def ask(options: argparse.Namespace, event, folder) -> None:
    """All jobs, before any worker is there: the greedy team's first."""
    from anomaly.datasets import actions as datasets
    from anomaly.datasets import checking, store
    from anomaly.datasets.inspection import inspect
    from anomaly.jobs import actions

    people = [site.make_author(event, number) for number in range(options.teams)]
    (folder / "table.csv").write_bytes(table(0, options.rows, options.columns))
    understood = inspect(folder / "table.csv", "table.csv")
    others = options.jobs - options.greedy
    whose = [0] * options.greedy + [1 + n % (options.teams - 1) for n in range(others)]
    for number, team in enumerate(whose):
        user, draft = people[team]
        content = table(number, options.rows, options.columns)
        stored = store.keep([content], limit=10**9)
        dataset = datasets.accept(user, draft, f"table-{number}.csv", stored)
        actions.start(user, checking.conclude(dataset, understood))


def passed(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def run(options: argparse.Namespace, folder) -> int:
    from anomaly.datasets.models import DataLimits
    from anomaly.jobs.models import ScoringJob

    event = site.make_event("fits")
    DataLimits.objects.update_or_create(event=event, defaults={"datasets": options.jobs})
    ask(options, event, folder)
    where = ("--bind", f"127.0.0.1:{PORT}", "--workers", "2", "--threads", "8")
    processes = [site.Process("web", "-m", "gunicorn", "config.wsgi", *where)]
    page = f"/events/{event.slug}/"
    try:
        Reader.until(page, passed(10))  # warms up
        idle = Reader.until(page, passed(15))
        processes += [site.worker(f"w{n}") for n in range(options.workers)]
        began, late = time.monotonic(), passed(options.limit)
        busy = Reader.until(page, lambda: late() or not ScoringJob.objects.unfinished().exists())
    finally:
        for process in processes:
            process.stop()
    return report(options, idle, busy, time.monotonic() - began)


def report(options: argparse.Namespace, idle: Reader, busy: Reader, took: float) -> int:
    from anomaly.jobs.models import ScoringJob

    waits = defaultdict(list)
    for job in ScoringJob.objects.filter(state="succeeded").select_related("dataset__submission"):
        waited = (job.started_at - job.created_at).total_seconds()
        waits[job.dataset.submission.title].append(waited)
    first = min(min(seconds) for seconds in waits.values())
    means = {team: statistics.mean(seconds) - first for team, seconds in waits.items()}
    greedy = means.pop("Project 0")
    median, worst = statistics.median(means.values()), max(means.values())
    succeeded = sum(map(len, waits.values()))
    print(f"{site.machine()}; {' '.join(sys.argv[1:])}")
    print(f"{succeeded} of {options.jobs} scored in {took:.0f} s by {options.workers} workers")
    print("mean wait of a team's jobs, since the first was taken:")
    print(f"  median {median:.1f} s, longest {worst:.1f} s ({worst / median:.2f} times)")
    print(f"  of the team that asked for most {greedy:.1f} s")
    print(f"pages before   {idle}\npages meanwhile {busy}")
    return int(succeeded < options.jobs or worst > 3 * median or busy.errors > 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--greedy", type=int, default=100, help="of them by one team")
    parser.add_argument("--teams", type=int, default=51)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=3000)
    options = parser.parse_args()
    random.seed(0)
    with site.servers() as folder:
        sys.exit(run(options, folder))


if __name__ == "__main__":
    main()
