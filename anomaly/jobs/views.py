from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Coalesce, Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import Visit
from anomaly.datasets.forms import RolesForm
from anomaly.datasets.models import Dataset
from anomaly.datasets.views import page as dataset_page
from anomaly.datasets.views import save_roles
from anomaly.jobs import actions, rules
from anomaly.jobs.models import ScoringJob, Worker

END_OF_POLLING = 286  # htmx stops asking when it gets this


def fetch(request: Visit, event: str, pk: object) -> ScoringJob:
    """The job, if this person may see its data set, with `elapsed` by the database's clock."""
    elapsed = ExpressionWrapper(
        Coalesce(F("finished_at"), Now()) - Coalesce(F("started_at"), F("created_at")),
        output_field=DurationField(),
    )
    visible = (
        ScoringJob.objects.visible_to(request.user)
        .select_related("dataset__submission__event", "dataset__submission__team")
        .annotate(elapsed=elapsed)
    )
    return get_object_or_404(visible, dataset__submission__event__slug=event, pk=pk)


@login_required
@require_POST
def start(request: Visit, event: str, pk: object) -> HttpResponse:
    """Scores with the roles as they stand in the form of the data set's page, if one was sent."""
    own = Dataset.objects.own(request.user).select_related("submission__event")
    dataset = get_object_or_404(own, submission__event__slug=event, pk=pk)
    if any(name.startswith("role_") for name in request.POST):
        form = RolesForm(request.POST, dataset=dataset)
        if not save_roles(request, dataset, form):
            return dataset_page(request, dataset, form)
    return redirect(actions.start(request.user, dataset))


@login_required
@require_safe
def detail(request: Visit, event: str, pk: object) -> HttpResponse:
    job = fetch(request, event, pk)
    return render(request, "jobs/detail.html", standing(request, job))


@login_required
@require_safe
def progress(request: Visit, event: str, pk: object) -> HttpResponse:
    """The live part of the job's page."""
    job = fetch(request, event, pk)
    if not request.htmx:
        return redirect(job)
    status = END_OF_POLLING if job.ended else None
    return render(request, "jobs/_progress.html", standing(request, job), status=status)


def standing(request: Visit, job: Any) -> dict[str, Any]:
    """How far the job is, and what comes next."""
    submission = job.dataset.submission
    waiting = job.state == ScoringJob.State.QUEUED
    return {
        "event": submission.event,
        "submission": submission,
        "dataset": job.dataset,
        "job": job,
        "elapsed": in_words(job.elapsed),
        "place": place_in_queue(job) if waiting else None,
        "no_worker": waiting and not Worker.objects.alive().exists(),
        "can_cancel": rules.can_cancel(request.user, job),
        "can_start": job.ended and rules.can_start(request.user, job.dataset),
    }


def in_words(elapsed: timedelta) -> str:
    minutes, seconds = divmod(max(0, int(elapsed.total_seconds())), 60)
    if not minutes:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}


def place_in_queue(job: ScoringJob) -> int:
    """1 is next."""
    queued = ScoringJob.objects.filter(state=ScoringJob.State.QUEUED).exclude(pk=job.pk)
    sooner = queued.filter(priority__lt=job.priority) | queued.filter(
        priority=job.priority, created_at__lt=job.created_at
    )
    return sooner.count() + 1


@login_required
@require_POST
def cancel(request: Visit, event: str, pk: object) -> HttpResponse:
    stoppable = ScoringJob.objects.stoppable_by(request.user)
    job = get_object_or_404(stoppable, dataset__submission__event__slug=event, pk=pk)
    return redirect(actions.cancel(request.user, job))
