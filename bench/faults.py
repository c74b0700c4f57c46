"""Jobs under random faults: what is accepted ends exactly once, whatever is killed.

    python bench/faults.py --jobs 200 --workers 3 --kills 40 --seed 1

An uploader hands in small tables for many teams and has them scored, workers score them. It is the
queue that is measured: the tables are alike, so that one is read for all, and a stub takes the
detector's place (`--real` takes the detector). At random
moments something is killed: a child, a worker, the uploader, the sweeper; or a worker is told to
stop, or sleeps past its lease; or Redis forgets everything. Some tables crash their child every
time; some jobs are cancelled. Exit code 1 if anything is stuck, doubled or lost.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import site_under_test as site

POISON = "poison.csv"


def table(number: int) -> bytes:
    chance = random.Random(number)
    rows = [f"{chance.gauss(0, 1):.4f},{chance.gauss(0, 1):.4f}" for _ in range(60)]
    return ("x,y\n" + "\n".join(rows) + "\n").encode()


def upload(journal: Path, jobs: int, teams: int) -> None:
    """The uploader: hands in what the journal does not have yet, and writes down what was accepted
    only after it was."""
    import django

    django.setup()
    from accounts.models import User
    from anomaly.datasets import actions as datasets
    from anomaly.datasets import checking, store
    from anomaly.jobs import actions
    from submissions.entries.models import Submission

    done = {entry["number"] for entry in entries_of(journal)}
    drafts = list(Submission.objects.order_by("title"))
    understood = json.loads((journal.parent / "understood").read_text())
    with journal.open("a") as out:
        for number in (n for n in range(jobs) if n not in done):
            draft = drafts[number % teams]
            user = User.objects.get(
                email=f"{draft.title.replace('Project ', 'author')}@example.org"
            )
            name = POISON if number < max(1, jobs // 40) else f"table-{number}.csv"
            stored = store.keep([table(number)], limit=10_000)
            dataset = checking.conclude(datasets.accept(user, draft, name, stored), understood)
            job = actions.start(user, dataset)
            entry = {"number": number, "dataset": str(dataset.pk), "job": str(job.pk)}
            out.write(json.dumps(entry | {"sha256": dataset.sha256}) + "\n")
            out.flush()
            os.fsync(out.fileno())


def entries_of(journal: Path) -> list[dict]:
    """Whole lines only: the last may have been cut."""
    if not journal.exists():
        return []
    lines = journal.read_text().split("\n")[:-1]
    return [json.loads(line) for line in lines if line.endswith("}")]


class Chaos:
    """One fault at a time, chosen by a seed."""

    def __init__(self, seed: int, workers: list, others: list) -> None:
        self.chance = random.Random(seed)
        self.workers, self.others = workers, others
        self.done: Counter[str] = Counter()
        self.asleep: list[tuple[float, site.Process]] = []

    def strike(self) -> None:
        kinds = [self.child, self.child, self.kill, self.kill, self.sleep, self.stop, self.other]
        kind = self.chance.choice([*kinds, self.forget])
        self.done[kind.__name__] += bool(kind())

    def child(self) -> bool:
        pids = [pid for worker in self.workers if not worker.ended for pid in worker.attempts()]
        for pid in self.chance.sample(pids, min(1, len(pids))):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                return False
        return bool(pids)

    def kill(self) -> bool:
        self.chance.choice(self.workers).send(signal.SIGKILL)
        return True

    def stop(self) -> bool:
        self.chance.choice(self.workers).send(signal.SIGTERM)
        return True

    def sleep(self) -> bool:
        victim = self.chance.choice(self.workers)
        victim.send(signal.SIGSTOP)
        self.asleep.append((time.monotonic() + 5, victim))
        return True

    def other(self) -> bool:
        self.chance.choice(self.others).send(signal.SIGKILL)
        return True

    def forget(self) -> bool:
        import redis

        redis.Redis.from_url(os.environ["REDIS_URL"]).flushall()
        return True

    def mend(self) -> None:
        """Wakes who slept long enough, starts again who died (as a process manager would)."""
        now = time.monotonic()
        for _at, victim in [sleeper for sleeper in self.asleep if sleeper[0] <= now]:
            victim.send(signal.SIGCONT)
        self.asleep = [sleeper for sleeper in self.asleep if sleeper[0] > now]
        for process in [*self.workers, *self.others]:
            if process.ended and (process.child.returncode or process in self.workers):
                process.start()


def run(options: argparse.Namespace, folder: Path) -> int:
    from anomaly.datasets.inspection import inspect
    from anomaly.jobs import actions
    from anomaly.jobs.models import ScoringJob
    from theme.refusal import Refused

    event = site.make_event("chaos")
    for number in range(options.teams):
        site.make_author(event, number)
    (folder / "table.csv").write_bytes(table(0))
    understood = inspect(folder / "table.csv", "table.csv")
    (folder / "understood").write_text(json.dumps(understood))
    journal = folder / "journal"
    faults = f"job.start@{POISON}=segv" + ("" if options.real else f";job.stub={options.seconds}")
    workers = [
        site.worker(f"w{n}", PODIUM_FAULTS=faults, **site.SHORT) for n in range(options.workers)
    ]
    me = str(Path(__file__).resolve())
    numbers = (str(options.jobs), str(options.teams))
    uploader = site.Process("uploader", me, "--upload", str(journal), *numbers, **site.SHORT)
    sweeper = site.Process("sweeper", "manage.py", "sweep", "--every", "1", **site.SHORT)
    chaos = Chaos(options.seed, workers, [uploader, sweeper])
    chance = random.Random(options.seed + 1)
    began = struck = time.monotonic()
    try:
        while time.monotonic() - began < options.limit:
            time.sleep(0.2)
            chaos.mend()
            strikes = sum(chaos.done.values())
            if strikes < options.kills and time.monotonic() - struck > options.every:
                chaos.strike()
                struck = time.monotonic()
            cancelled = ScoringJob.objects.filter(cancel_requested=True).count()
            cancelled += ScoringJob.objects.filter(state=ScoringJob.State.CANCELLED).count()
            if chance.random() < 0.02 and cancelled < options.jobs // 8:
                cancel_one(chance, actions, ScoringJob, Refused)
            accepted = ScoringJob.objects.count()
            struck_out = accepted >= options.jobs and strikes >= options.kills
            if struck_out and uploader.ended and not ScoringJob.objects.unfinished().exists():
                break
    finally:
        for process in [*workers, uploader, sweeper]:
            process.stop()
    return report(options, entries_of(journal), chaos, time.monotonic() - began)


def cancel_one(chance, actions, jobs, refused) -> None:
    waiting = list(jobs.objects.unfinished().select_related("requested_by")[:20])
    if waiting:
        job = chance.choice(waiting)
        with contextlib.suppress(refused):  # it may have ended meanwhile
            actions.cancel(job.requested_by, job)


def report(options: argparse.Namespace, accepted: list[dict], chaos: Chaos, took: float) -> int:
    from django.core.management import call_command
    from django.db.models import Count, F, Max, Q

    from anomaly.datasets.models import Dataset
    from anomaly.jobs.invariants import broken
    from anomaly.jobs.models import JobEvent, ScoringJob

    call_command("sweep", "--once")
    states = Counter(ScoringJob.objects.values_list("state", flat=True))
    endings = Count("events", filter=Q(events__kind__in=JobEvent.ENDINGS))
    doubled = ScoringJob.objects.annotate(n=endings).filter(n__gt=1).count()
    kept = {str(d.pk) for d in Dataset.objects.all() if d.path.is_file()}
    jobs = {str(pk) for pk in ScoringJob.objects.values_list("pk", flat=True)}
    lost = [e for e in accepted if e["dataset"] not in kept or e["job"] not in jobs]
    worst = ScoringJob.objects.aggregate(worst=Max(F("finished_at") - F("created_at")))["worst"]
    stuck = states["queued"] + states["running"] + (options.jobs - len(accepted))
    violations = broken()
    reasons = Counter(
        ScoringJob.objects.filter(state="failed").values_list("error_code", flat=True)
    )
    print(f"{site.machine()}; seed {options.seed}; {took:.0f} s in all")
    struck = ", ".join(f"{name} {n}" for name, n in sorted(chaos.done.items()))
    print(f"faults             {sum(chaos.done.values())}: {struck}")
    print(f"jobs accepted      {len(jobs)}")
    print(f"succeeded          {states['succeeded']}")
    print(f"failed with reason {states['failed']}: {dict(reasons)}")
    print(f"cancelled          {states['cancelled']}")
    print(f"stuck              {stuck}")
    print(f"duplicated         {doubled}")
    print(f"lost uploads       {len(lost)}")
    print(f"invariants broken  {len(violations)}", *violations[:5], sep="\n  ")
    print(f"worst time to an end state {worst.total_seconds() if worst else 0:.1f} s")
    return int(bool(stuck or doubled or lost or violations))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--teams", type=int, default=20)
    parser.add_argument("--every", type=float, default=3, help="seconds between two faults")
    parser.add_argument("--seconds", type=float, default=0.2, help="that a stub takes")
    parser.add_argument("--limit", type=float, default=1200, help="seconds until all must be over")
    parser.add_argument("--real", action="store_true", help="score with the detector")
    parser.add_argument("--upload", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.upload:
        journal, jobs, teams = options.upload
        upload(Path(journal), int(jobs), int(teams))
        return
    with site.servers() as folder:
        sys.exit(run(options, folder))


if __name__ == "__main__":
    main()
