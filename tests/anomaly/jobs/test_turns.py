"""Which worker takes which job next: queues by device, priority, and turns of the teams."""

import zlib

import pytest
from django.db.models.functions import Now

from anomaly.datasets import store
from anomaly.datasets.models import Dataset
from anomaly.jobs import actions, leases, measures
from anomaly.jobs.models import ScoringJob, ScoringJobQuerySet, Worker
from events import actions as events
from submissions.entries import actions as entries
from tests.anomaly.conftest import small_table, with_content
from tests.conftest import make_user

MANY, TEAMS = 12, 5


def table_of(user, draft, understood, name: str) -> Dataset:
    """Of another content than those of other names: equal ones are scored once."""
    seed = zlib.crc32(f"{draft.pk} {name}".encode())
    stored = store.keep([small_table(seed=seed).encode()], limit=10_000)
    return with_content(user, draft, name, stored, understood)


@pytest.fixture
def crowd(event, track, author, draft, understood) -> dict[str, list[ScoringJob]]:
    """One team asks for many jobs; then a few teams for one each."""
    tables = [table_of(author, draft, understood, f"{n}.csv") for n in range(MANY)]
    jobs = {"many": [actions.start(author, table) for table in tables]}
    for number in range(TEAMS):
        user = make_user(f"single{number}")
        events.register(user, event)
        events.create_team(user, event, name=f"Single {number}")
        own = entries.create_draft(
            user, event, track=track, title="T", summary="s", description="d"
        )
        jobs[user.name] = [actions.start(user, table_of(user, own, understood, "one.csv"))]
    return jobs


def taken(worker: Worker, number: int) -> list[ScoringJob]:
    """The next jobs that one worker gets, each ended before the next is taken."""
    got = []
    for _ in range(number):
        job = leases.claim(worker)
        leases.succeed(job, artefact="artefacts/x/1", manifest="0" * 64)
        got.append(job)
    return got


def test_f29_team_with_many_jobs_keeps_no_other_team_waiting(crowd):
    """Each of the others starts before the second of the many."""
    many = {job.pk for job in crowd["many"]}
    first = taken(Worker.objects.create(name="w"), TEAMS + 2)
    assert [job.pk in many for job in first] == [True] + [False] * TEAMS + [True]


def test_f29_without_turns_the_many_go_first(crowd, monkeypatch):
    """Negative control."""
    by_age = lambda jobs: jobs.order_by("priority", "created_at", "id")  # noqa: E731
    monkeypatch.setattr(ScoringJobQuerySet, "by_turn", by_age)
    many = {job.pk for job in crowd["many"]}
    assert all(job.pk in many for job in taken(Worker.objects.create(name="w"), TEAMS + 2))


def test_place_in_line_is_the_order_in_which_jobs_are_taken(crowd):
    line = list(ScoringJob.objects.in_line().values_list("pk", flat=True))
    order = [job.pk for job in taken(Worker.objects.create(name="w"), MANY + TEAMS)]
    assert line == order


def test_place_and_expected_wait_are_told(crowd):
    assert measures.place_in_line(crowd["many"][1]) == TEAMS + 2
    assert measures.expected_wait(3) is None, "nothing was measured yet"
    worker = Worker.objects.create(name="w")
    [done] = taken(worker, 1)
    ScoringJob.objects.filter(pk=done.pk).update(started_at=Now() - leases.timedelta(seconds=40))
    assert measures.expected_wait(3) == pytest.approx(120, abs=6)
    Worker.objects.create(name="w2")
    assert measures.expected_wait(3) == pytest.approx(60, abs=3)


@pytest.mark.parametrize(
    ("workers", "taker", "queue", "takes"),
    [
        (["gpu", "cpu"], "gpu", "gpu", True),
        (["gpu", "cpu"], "cpu", "gpu", False),
        (["gpu", "cpu"], "cpu", "cpu", True),
        (["gpu", "cpu"], "gpu", "cpu", False),
        (["cpu"], "cpu", "gpu", True),  # nobody else is there to take it
        (["gpu"], "gpu", "cpu", True),
    ],
)
def test_queue_by_device_waits_for_no_machine_that_is_not_there(
    author, dataset, workers, taker, queue, takes
):
    job = actions.start(author, dataset)
    ScoringJob.objects.filter(pk=job.pk).update(queue=queue)
    there = {device: Worker.objects.create(name=device, device=device) for device in workers}
    assert bool(leases.claim(there[taker])) == takes


def test_unfit_gpu_worker_leaves_its_queue_to_others(author, dataset):
    """F27, F28: who takes no job does not keep others from it."""
    actions.start(author, dataset)
    Worker.objects.create(name="g", device="gpu", state=Worker.State.UNHEALTHY)
    assert leases.claim(Worker.objects.create(name="c", device="cpu"))
