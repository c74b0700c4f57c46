"""The page of those who run an event: workers, queues, jobs, and what needs them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import Visit
from anomaly.jobs import actions, measures, rules, versions
from anomaly.jobs.models import ScoringJob, ScoringJobQuerySet, Worker
from events.models import Event
from events.rules import can_run
from submissions.entries.models import Author

A_PAGE = 50


def fetch_event(request: Visit, slug: str) -> Event:
    event = get_object_or_404(Event, slug=slug)
    if not can_run(request.user, event):
        raise Http404
    return event


@login_required
@require_safe
def overview(request: Visit, event: str) -> HttpResponse:
    found = fetch_event(request, event)
    visible = jobs_of(request, found)
    chosen = chosen_of(request, visible)
    context = {
        "event": found,
        "alarms": measures.alarms(),
        "workers": workers_as_seen(visible),
        "lines": measures.lines(),
        "jobs": page_of(request, chosen),
        "states": ScoringJob.State.choices,
        "state": request.GET.get("state", ""),
        "q": request.GET.get("q", ""),
        "outdated": len(actions.outdated(request.user, found)),
        "code": versions.code(),
    }
    return render(request, "jobs/console.html", context)


@login_required
@require_safe
def card(request: Visit, event: str) -> HttpResponse:
    """Two lines for the console."""
    found = fetch_event(request, event)
    lines = measures.lines()
    context = {
        "event": found,
        "alarms": measures.alarms(),
        "waiting": sum(line.waiting for line in lines),
        "running": sum(line.running for line in lines),
    }
    return render(request, "jobs/_card.html", context)


def jobs_of(request: Visit, event: Event) -> ScoringJobQuerySet:
    return (
        ScoringJob.objects.visible_to(request.user)
        .filter(dataset__submission__event=event)
        .select_related("dataset__submission__event", "dataset__submission__team")
        .prefetch_related("dataset__submission__authors")
    )


def chosen_of(request: Visit, jobs: ScoringJobQuerySet) -> ScoringJobQuerySet:
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in ScoringJob.State.values:
        jobs = jobs.filter(state=state)
    if words:
        written = Author.objects.filter(name__icontains=words).values("submission_id")
        jobs = jobs.filter(
            Q(dataset__name__icontains=words)
            | Q(dataset__submission__title__icontains=words)
            | Q(dataset__submission__team__name__icontains=words)
            | Q(dataset__submission__in=written)
        )
    return jobs


def page_of(request: Visit, jobs: ScoringJobQuerySet) -> Any:
    page = Paginator(jobs, A_PAGE).get_page(request.GET.get("page"))
    for job in page:
        job.may_cancel = not job.ended and not job.cancel_requested  # type: ignore[attr-defined]
        job.may_rerun = job.state in rules.RERUN  # type: ignore[attr-defined]
    return page


def workers_as_seen(visible: ScoringJobQuerySet) -> list[tuple[Worker, ScoringJob | None]]:
    """Each with its job; one of another event, or of a draft, is not told."""
    alive = list(Worker.objects.alive().select_related("job"))
    wholes = {w.job.parent_id or w.job.pk for w in alive if w.job}
    known = {job.pk: job for job in visible.filter(pk__in=wholes)}
    return [(w, known.get(w.job.parent_id or w.job.pk) if w.job else None) for w in alive]


@login_required
@require_POST
def rerun(request: Visit, event: str, pk: object) -> HttpResponse:
    found = fetch_event(request, event)
    job = get_object_or_404(jobs_of(request, found), pk=pk)
    return redirect(actions.rerun(request.user, job))


@login_required
@require_POST
def rerun_all(request: Visit, event: str) -> HttpResponse:
    found = fetch_event(request, event)
    number = len(actions.rerun_all(request.user, found))
    said = ngettext("%d table is scored again.", "%d tables are scored again.", number) % number
    messages.success(request, said if number else _("Every report is of this version already."))
    return redirect("jobs:overview", found.slug)
