"""The bell. A message says only "look"; what there is to do stands in the database."""

import logging

from celery import shared_task

from anomaly.jobs import worker

logger = logging.getLogger(__name__)

STALE = 60  # seconds after which nobody needs to hear an old bell


@shared_task(name="jobs.look")  # type: ignore[untyped-decorator]
def look(**later_versions: object) -> None:
    worker.work_until_nothing_waits()


def ring() -> None:
    """Wakes a worker. Best effort: workers look by themselves too, so no failure is ever shown."""
    try:
        look.apply_async(expires=STALE)
    except Exception as error:  # whatever a broker raises, the person's request has succeeded
        logger.warning("the bell could not be rung: %s", error)
