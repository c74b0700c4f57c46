"""What `manage.py check` and every worker's start refuse: settings under which jobs would be lost,
doubled or left waiting."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

POSITIVE = (
    "PODIUM_LEASE",
    "PODIUM_HEARTBEAT",
    "PODIUM_SWEEP",
    "PODIUM_LOOK",
    "PODIUM_JOB_SECONDS",
    "PODIUM_PART_ROWS",
)
DEVICES = ("auto", "cpu", "cuda")


@register()
def jobs_always_end(**_options: Any) -> list[CheckMessage]:
    found = [
        _error(1, f"{name} is {getattr(settings, name)}.", "Write a number above 0.")
        for name in POSITIVE
        if not getattr(settings, name) > 0
    ]
    if settings.PODIUM_LEASE < 2.5 * settings.PODIUM_HEARTBEAT:
        hint = "Make PODIUM_LEASE at least 2.5 times PODIUM_HEARTBEAT."
        found.append(_error(2, "One late heartbeat would cost a worker its job.", hint))
    if settings.PODIUM_DEVICE.partition(":")[0] not in DEVICES:
        hint = f"Write one of {', '.join(DEVICES)}."
        found.append(_error(3, f"PODIUM_DEVICE is {settings.PODIUM_DEVICE!r}.", hint))
    return [*found, *the_bell_is_only_a_bell()]


def the_bell_is_only_a_bell() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.CELERY_TASK_ACKS_LATE or getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        hint = "Leave CELERY_TASK_ACKS_LATE and CELERY_TASK_ALWAYS_EAGER alone: jobs are rows."
        found.append(_error(4, "Celery would run a job twice, or in the web server.", hint))
    if settings.CELERY_WORKER_PREFETCH_MULTIPLIER != 1:
        hint = "Leave CELERY_WORKER_PREFETCH_MULTIPLIER at 1."
        found.append(_error(5, "A worker would keep bells that others should hear.", hint))
    options: dict[str, Any] = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    if settings.REDIS_URL and not 0 < options.get("socket_timeout", 0) <= 2:
        hint = "Set socket_timeout in CELERY_BROKER_TRANSPORT_OPTIONS to 2 seconds at most."
        found.append(_error(6, "A page would hang as long as Redis does.", hint))
    return found


def _error(number: int, what: str, hint: str) -> CheckMessage:
    return Error(what, hint=hint, id=f"podium.E{number:03}")
