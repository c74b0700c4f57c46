"""What a load balancer and an operator ask, and what everybody sees when something is wrong."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from anomaly.jobs import measures
from anomaly.jobs.models import ScoringJob, Worker
from config.celery import app


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served; the rest of the figures say whether work gets done."""
    try:
        connection.ensure_connection()
        figures = {
            "database": "ok",
            "workers": Worker.objects.alive().count(),
            "waiting": ScoringJob.objects.waiting().count(),
            "oldest_waiting_seconds": measures.oldest_waiting_seconds(),
            "queues": {line.queue: figures_of(line) for line in measures.lines()},
            "alarms": len(measures.alarms()),
        }
    except (DatabaseError, InterfaceError):
        return JsonResponse({"database": "away", "broker": broker()}, status=503)
    return JsonResponse(figures | {"broker": broker()})


def figures_of(line: measures.Line) -> dict[str, object]:
    return {
        "waiting": line.waiting,
        "running": line.running,
        "oldest_waiting_seconds": line.oldest,
        "ended_last_hour": line.rate,
    }


def broker() -> str:
    """A bell out of order delays work by seconds and loses none, so it is no reason for a 503."""
    try:
        with app.connection_for_write(connect_timeout=0.5) as bell:
            bell.ensure_connection(max_retries=1, interval_start=0, timeout=0.5)
    except Exception:  # every transport has exceptions of its own
        return "away"
    return "ok"


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away, locked or full of connections passes: that is a 503, and when to
    come back; everything else is a mistake of ours (I10)."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})
    return HttpResponse(render_to_string("500.html"), status=500)
