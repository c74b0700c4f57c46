"""How scoring stands, in figures: for the pages, for /healthz and for /metrics, from one place."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Avg, DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anomaly.datasets.models import Dataset
from anomaly.jobs.models import ScoringJob, Worker

HOUR = timedelta(hours=1)
MEASURED = timedelta(days=1)  # how far back the mean time of a job looks
FRESH = 1  # seconds for which everybody who looks at the line sees the same one


@dataclass(frozen=True)
class Line:
    """One queue: how many wait, for how long at most (seconds), and how many ended in an hour."""

    queue: str
    label: str
    waiting: int
    running: int
    oldest: float | None
    rate: int

    @property
    def oldest_in_words(self) -> str:
        return "" if self.oldest is None else duration(self.oldest)


def lines() -> list[Line]:
    return [_line(queue, str(label)) for queue, label in ScoringJob.Queue.choices]


def _line(queue: str, label: str) -> Line:
    of_queue = ScoringJob.objects.filter(queue=queue)
    return Line(
        queue=queue,
        label=label,
        waiting=of_queue.waiting().count(),
        running=of_queue.running().count(),
        oldest=oldest_waiting_seconds(queue=queue),
        rate=of_queue.filter(finished_at__gte=Now() - HOUR).count(),
    )


def oldest_waiting_seconds(**only: str) -> float | None:
    """How long the job that has waited longest could have been worked on, or None."""
    waited = ExpressionWrapper(Now() - F("run_after"), output_field=DurationField())
    waiting = ScoringJob.objects.waiting().filter(**only).annotate(waited=waited)
    longest = waiting.order_by("-waited").values_list("waited", flat=True).first()
    return longest.total_seconds() if longest is not None else None


def mean_seconds() -> float | None:
    """How long a job that a worker had taken took, on the mean of a day; None before any ended."""
    took = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    ended = ScoringJob.objects.succeeded().filter(finished_at__gte=Now() - MEASURED)
    mean = ended.aggregate(mean=Avg(took))["mean"]
    return mean.total_seconds() if mean is not None else None


def place_in_line(job: ScoringJob) -> int:
    """1 is next. Whoever asks within a second gets it from the same look at the line."""
    line: list[str] | None = cache.get("jobs.line")
    if line is None or str(job.pk) not in line:
        line = [str(pk) for pk in ScoringJob.objects.in_line().values_list("pk", flat=True)]
        cache.set("jobs.line", line, FRESH)
    return line.index(str(job.pk)) + 1 if str(job.pk) in line else 1


def expected_wait(place: int) -> float | None:
    """Seconds until the job at this place has its turn, by measured rates; None without any."""
    mean, workers = mean_seconds(), Worker.objects.fit().count()
    return place * mean / workers if mean is not None and workers else None


def alarms() -> list[str]:
    """What somebody who runs the site must do something about, one sentence each."""
    found = []
    if not Worker.objects.fit().exists():
        found.append(_("No worker is alive and fit: nothing is scored until one is started."))
    oldest = oldest_waiting_seconds()
    if oldest is not None and oldest > settings.PODIUM_WAIT_ALARM:
        found.append(
            _("A table has waited for %(wait)s; more workers are needed, or one is stuck.")
            % {"wait": duration(oldest)}
        )
    unread = longest_unread_seconds()
    if unread is not None and unread > settings.PODIUM_WAIT_ALARM:
        found.append(
            _("A table has waited for %(wait)s to be read; is the sweep running?")
            % {"wait": duration(unread)}
        )
    for worker in Worker.objects.alive().exclude(state=Worker.State.READY):
        found.append(f"{worker.name}: {worker.get_state_display()}.")
    for worker in Worker.objects.alive().filter(state=Worker.State.READY):
        if abs(worker.skew) > 2:
            found.append(
                _("The clock of %(worker)s is %(seconds).0f seconds off; jobs do not depend on it.")
                % {"worker": worker.name, "seconds": worker.skew}
            )
    return found


def longest_unread_seconds() -> float | None:
    """How long the table has waited of which nobody knows yet what is in it, or None."""
    unread = Dataset.objects.filter(state=Dataset.State.CHECKING).order_by("uploaded_at")
    since = unread.annotate(now=Now()).values_list("now", "uploaded_at").first()
    return (since[0] - since[1]).total_seconds() if since else None


def duration(seconds: float) -> str:
    """A span in words."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    if not minutes:
        return ngettext("%d second", "%d seconds", rest) % rest
    if minutes < 60:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def soon(seconds: float) -> str:
    """When, about, in words."""
    if seconds < 10:
        return _("in a few seconds")
    if seconds < 90:
        return _("in about a minute")
    minutes = round(seconds / 60)
    if minutes < 90:
        return _("in about %(minutes)d minutes") % {"minutes": minutes}
    hours = round(minutes / 60)
    return ngettext("in about %d hour", "in about %d hours", hours) % hours
