"""The figures of `measures` for Prometheus, at /metrics."""

from collections.abc import Iterator
from secrets import compare_digest

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from anomaly.datasets.models import Dataset
from anomaly.jobs import measures
from anomaly.jobs.models import ScoringJob, Worker

THIS_MACHINE = {"127.0.0.1", "::1"}


class Figures(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from (jobs(), workers(), memory())
        yield from queues()
        unread = Dataset.objects.filter(state=Dataset.State.CHECKING).count()
        yield GaugeMetricFamily("podium_tables_to_read", "Uploaded, not yet read", value=unread)
        mean = measures.mean_seconds()
        if mean is not None:
            name = "podium_job_seconds_mean"
            yield GaugeMetricFamily(name, "Seconds that a job took, mean of a day", value=mean)
        alarms = len(measures.alarms())
        yield GaugeMetricFamily("podium_alarms", "What somebody must see to", value=alarms)


def jobs() -> GaugeMetricFamily:
    family = GaugeMetricFamily("podium_jobs", "Scoring jobs by state", labels=["state"])
    counted = ScoringJob.objects.order_by().values_list("state").annotate(n=Count("pk"))
    numbers = dict.fromkeys(ScoringJob.State.values, 0) | dict(counted)
    for state, number in numbers.items():
        family.add_metric([state], number)
    return family


def workers() -> GaugeMetricFamily:
    labels = ["device", "state"]
    family = GaugeMetricFamily("podium_workers", "Workers that are alive", labels=labels)
    alive = Worker.objects.alive().order_by().values_list(*labels).annotate(n=Count("pk"))
    for device, state, number in alive:
        family.add_metric([device, state], number)
    return family


def memory() -> GaugeMetricFamily:
    name, help_text = "podium_worker_memory_bytes", "Resident memory of a worker and its child"
    family = GaugeMetricFamily(name, help_text, labels=["worker"])
    for worker in Worker.objects.alive():
        family.add_metric([worker.name], worker.memory)
    return family


def queues() -> list[GaugeMetricFamily]:
    def family(name: str, text: str) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"podium_queue_{name}", text, labels=["queue"])

    waiting = family("waiting", "Jobs that could be worked on")
    oldest = family("oldest_waiting_seconds", "How long the oldest of them has waited")
    rate = family("ended_last_hour", "Jobs that ended within an hour")
    for line in measures.lines():
        waiting.add_metric([line.queue], line.waiting)
        oldest.add_metric([line.queue], line.oldest or 0)
        rate.add_metric([line.queue], line.rate)
    return [waiting, oldest, rate]


def may_read(request: HttpRequest) -> bool:
    """With PODIUM_METRICS_TOKEN: who sends it. Without: this machine, asked directly and not by a
    proxy that passes on somebody else's question."""
    if token := settings.PODIUM_METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        return compare_digest(sent.encode(), f"Bearer {token}".encode())
    return (
        request.META.get("REMOTE_ADDR") in THIS_MACHINE and "X-Forwarded-For" not in request.headers
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
