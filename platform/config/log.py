"""Log lines that a program can read: what happened, then names and values (structlog).

Lines of Django and Celery go the same way, and all carry what is bound at the time, such as job,
data set and attempt while a worker scores.
"""

from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

FORMS = ("line", "json")


def logging_in_lines(*, level: str, form: str = "") -> dict[str, Any]:
    """The setting LOGGING; also tells structlog. `form` is "line" (the default) or "json"."""
    if form and form not in FORMS:
        raise ImproperlyConfigured(f"PODIUM_LOG_FORMAT is {form!r}; write {' or '.join(FORMS)}.")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer(form),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level.upper()},
    }


def renderer(form: str) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    order = ["timestamp", "level", "logger", "event"]
    return structlog.processors.LogfmtRenderer(key_order=order, drop_missing=True)
