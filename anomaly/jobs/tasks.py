"""The bell. A message says only "look"; what there is to do stands in the database."""

import structlog
from celery import shared_task

from anomaly.jobs import faults, worker
from anomaly.jobs.models import ScoringJob

logger = structlog.get_logger(__name__)

STALE = 60  # seconds after which nobody needs to hear an old bell


@shared_task(name="jobs.look")  # type: ignore[untyped-decorator]
def look(**later_versions: object) -> None:
    worker.work_until_nothing_waits()


def ring(queue: str = ScoringJob.Queue.CPU) -> None:
    """Wakes a worker. Best effort: workers look by themselves too, so no failure is ever shown."""
    faults.hit("job.before_ring")
    try:
        look.apply_async(expires=STALE, queue=str(queue))
    except Exception as error:  # whatever a broker raises, the person's request has succeeded
        logger.warning("the bell could not be rung", reason=str(error))
