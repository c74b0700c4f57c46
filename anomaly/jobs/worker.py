"""A worker process: it looks for jobs when the bell rings and by itself, one job at a time.

Celery runs `tasks.look` in the main thread (the solo pool); a second thread looks every few
seconds, so that a lost bell costs seconds only, and keeps the pulse. They take turns at one desk.
"""

import functools
import os
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from celery.signals import worker_init, worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models.functions import Now

from anomaly.datasets import checking
from anomaly.jobs import checks, child, faults, leases, memory, supervisor
from anomaly.jobs.models import Worker

logger = structlog.get_logger(__name__)

stopping = threading.Event()
_desk = threading.Lock()  # held while this process works on a job
_naming = threading.Lock()
_threads: list[threading.Thread] = []


def myself() -> Worker:
    """This process's row; both threads may be the first to ask."""
    with _naming:
        return _sign_on()


@functools.cache
def _sign_on() -> Worker:
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    gpu = child.may_use_gpu(settings.PODIUM_DEVICE)
    return Worker.objects.create(name=name, device="gpu" if gpu else "cpu")


def work_until_nothing_waits() -> None:
    """Waits for its turn, so that a bell rung at a busy worker is left for an idle one."""
    with _desk:
        try:
            _work()
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            logger.warning("the database was lost; looking again later: %s", error)


def _work() -> None:
    close_old_connections()
    while not stopping.is_set() and is_fit() and supervisor.work_one(myself(), stopping):
        pass


def is_fit() -> bool:
    """Asked before each job; says in the worker's row why not."""
    me, before = myself(), myself().state
    me.state = condition(me)
    if me.state != before:
        Worker.objects.filter(pk=me.pk).update(state=me.state, failures=me.failures)
        logger.warning("this worker is %s", me.state)
    return me.state == Worker.State.READY


def condition(me: Worker) -> str:
    if me.failures >= supervisor.MOST_FAILURES:
        return Worker.State.UNHEALTHY  # until it is started again
    return Worker.State.LOW_DISK if disk_is_low() else Worker.State.READY


def disk_is_low() -> bool:
    try:
        faults.hit("worker.disk")
        free = shutil.disk_usage(settings.VAR).free
    except OSError:
        return True
    return free < settings.PODIUM_FREE_BYTES


def look_now_and_then() -> None:
    """The second thread's life. The database may be away: then it tries again later."""
    duties = (
        Every(settings.PODIUM_HEARTBEAT, beat),
        Every(settings.PODIUM_SWEEP, leases.reap),
        Every(settings.PODIUM_SWEEP, leases.mend_times),
    )
    away = False
    while not stopping.is_set():
        try:
            look_once(duties)
            away = False
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            if not away:
                logger.warning("the database cannot be reached; trying again: %s", error)
            away = True
        except Exception:
            logger.exception("looking for work failed")
        stopping.wait(settings.PODIUM_LOOK)
    connection.close()


def look_once(duties: Iterable[Callable[[], None]]) -> None:
    close_old_connections()
    for duty in duties:
        duty()
    if _desk.acquire(blocking=False):
        try:
            _work()
        finally:
            _desk.release()


class Every:
    """Calls a function when it was last called at least so many seconds ago."""

    def __init__(self, seconds: float, function: Callable[[], Any]) -> None:
        self.seconds, self.function = seconds, function
        self.last = float("-inf")

    def __call__(self) -> None:
        if time.monotonic() - self.last >= self.seconds:
            self.function()
            self.last = time.monotonic()


def beat() -> None:
    """The pulse, also while there is nothing to do. Its clock decides nothing; it is only told."""
    me = Worker.objects.filter(pk=myself().pk)
    skew = time.time() - me.values_list(Now(), flat=True).get().timestamp()
    used = {} if _desk.locked() else {"memory": memory.of(os.getpid())}
    if not me.update(seen_at=Now(), skew=round(skew, 1), **used):
        _sign_on.cache_clear()


def refuse_unsafe_settings(sender: Any, **_kwargs: Any) -> None:
    """A worker that would lose or double jobs does not start."""
    pool = sender.pool_cls
    name = pool if isinstance(pool, str) else pool.__module__
    if not name.endswith("solo"):
        raise SystemExit("Podium's workers run with --pool solo: each does one job at a time.")
    if sender.app.conf.task_always_eager or sender.app.conf.task_acks_late:
        raise SystemExit("Podium's workers run without task_always_eager and task_acks_late.")
    if wrong := checks.jobs_always_end():
        raise SystemExit("\n".join(f"{one.msg} {one.hint}" for one in wrong))


def begin(**_kwargs: Any) -> None:
    thread = threading.Thread(target=look_now_and_then, name="look", daemon=True)
    _threads.append(thread)
    thread.start()
    # Nobody waits for this one: a table whose reading is cut off is read by the next who looks.
    reads = checking.look_now_and_then
    threading.Thread(target=reads, args=(stopping,), name="read", daemon=True).start()


def ask_to_stop(**_kwargs: Any) -> None:
    """Called inside a signal handler: only a flag. The job is finished soon or given back."""
    stopping.set()


def end(**_kwargs: Any) -> None:
    stopping.set()
    for thread in _threads:
        thread.join(supervisor.GRACE + 10)
    try:
        Worker.objects.filter(pk=myself().pk).delete()
    except (DatabaseError, InterfaceError):
        logger.warning("could not sign off")


worker_init.connect(refuse_unsafe_settings)
worker_ready.connect(begin)
worker_shutting_down.connect(ask_to_stop)
worker_shutdown.connect(end)
