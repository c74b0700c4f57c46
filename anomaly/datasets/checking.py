"""Tables are read by whoever looks; the row says that it waits, as it does for a job.

A reader takes the row until a time and reads in a child process. If it dies, the next one begins
anew after that time, three times at most: then it is the table that ends its readers. A small table
is read at once, while its sender waits for the page.
"""

import threading
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from anomaly.datasets import inspection
from anomaly.datasets.inspection import Understood
from anomaly.datasets.models import DataLimits, Dataset
from anomaly.datasets.turns import turn
from anomaly.datasets.understanding import fields_of
from notices.actions import record

logger = structlog.get_logger(__name__)

TRIES = 3
SLACK = timedelta(seconds=60)  # beyond the deadline of the child, for all around it
LATER = timedelta(seconds=30)  # when the machine has no room for a child


def look_now_and_then(stopping: threading.Event) -> None:
    """A thread's life in the sweep and in every worker. What fails is tried again later."""
    while not stopping.wait(settings.PODIUM_LOOK):
        try:
            close_old_connections()
            while not stopping.is_set() and read_next():
                pass
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            logger.warning("the database cannot be reached", reason=str(error))
        except Exception:
            logger.exception("reading a table failed")
    connection.close()


def read_next() -> bool:
    """Reads the table that has waited longest; False if none waits, or this machine reads enough
    already."""
    if not Dataset.objects.to_read().exists():
        return False
    try:
        with turn(patience=0):
            dataset = take()
            if dataset:
                attempt(dataset)
            return dataset is not None
    except BlockingIOError:
        return False


def read_at_once(dataset: Dataset) -> None:
    """While its sender waits. What takes too long goes on without them."""
    try:
        with turn():
            if taken := take(dataset):
                attempt(taken, patience=settings.PODIUM_READ_SECONDS)
    except BlockingIOError:
        logger.info("a small table is read later", dataset=str(dataset.pk))


@transaction.atomic
def take(only: Dataset | None = None) -> Dataset | None:
    """Compare and set: the row is this reader's until its time is over."""
    waiting = Dataset.objects.to_read().order_by("uploaded_at", "pk")
    if only:
        waiting = waiting.filter(pk=only.pk)
    found = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    most = inspection.BUSY * inspection.seconds_for(found.size)
    until = Now() + timedelta(seconds=most) + SLACK
    Dataset.objects.filter(pk=found.pk).update(checked_until=until, checks=F("checks") + 1)
    found.refresh_from_db()
    return found


def attempt(dataset: Dataset, *, patience: float | None = None) -> None:
    """With `patience`, in seconds, somebody waits; when it is over the next one begins anew."""
    about = {"dataset": str(dataset.pk), "attempt": dataset.checks}
    with structlog.contextvars.bound_contextvars(**about):
        try:
            understood = look_into(dataset, patience)
        except OSError:  # no child could be started: that says nothing of the file
            logger.exception("a table cannot be read now")
            give_back(dataset, LATER)
            return
        if patience is not None and understood.get("code") == inspection.TOO_SLOW:
            give_back(dataset, timedelta(0))
            return
        conclude(dataset, understood)
        logger.info("a table was read", code=understood.get("code", ""))


def look_into(dataset: Dataset, patience: float | None) -> Understood:
    if dataset.checks > TRIES:
        return inspection.crashed(dataset.name)
    told = dataset.told if dataset.asked is None else dataset.asked

    def news(*so_far: object) -> None:
        mine(dataset).update(so_far=so_far)

    return inspection.inspect(
        dataset.path,
        dataset.name,
        told=told,
        kinds=dataset.kinds if dataset.asked is None else {},
        limits=DataLimits.of(dataset.event).reading,
        seconds=inspection.seconds_for(dataset.size),
        patience=patience,
        news=news,
    )


def mine(dataset: Dataset) -> QuerySet[Dataset]:
    """The row, unless somebody else has meanwhile taken it."""
    return Dataset.objects.filter(pk=dataset.pk, checks=dataset.checks)


def give_back(dataset: Dataset, wait: timedelta) -> None:
    mine(dataset).update(checks=F("checks") - 1, checked_until=Now() + wait, so_far=[])


@transaction.atomic
def conclude(dataset: Dataset, understood: Understood) -> Dataset:
    """Writes what was found, unless somebody else has meanwhile taken the row."""
    found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    if not found.being_read or found.checks != dataset.checks:
        return found
    fields = told_again(found, understood) if found.asked is not None else first(found, understood)
    for name, value in (fields | {"checks": 0, "checked_until": None, "so_far": []}).items():
        setattr(found, name, value)
    found.save()
    record(None, "read", found, state=found.state, code=understood.get("code", ""))
    return found


def first(dataset: Dataset, understood: Understood) -> Understood:
    return fields_of(understood, dataset.before())


def told_again(dataset: Dataset, understood: Understood) -> Understood:
    """A reading as somebody said; one that fails changes nothing but what is answered."""
    if "profile" not in understood:
        return {"asked": None, "answer": understood["sentence"]}
    return fields_of(understood, dataset) | {"told": dataset.asked, "asked": None, "answer": ""}
