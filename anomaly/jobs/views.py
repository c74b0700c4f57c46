from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Coalesce, Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import Visit
from anomaly.datasets import naming
from anomaly.datasets.forms import RolesForm
from anomaly.datasets.models import Dataset
from anomaly.datasets.views import page as dataset_page
from anomaly.datasets.views import save_roles
from anomaly.jobs import actions, measures, rules
from anomaly.jobs.models import ScoringJob, Worker
from events.rules import can_run

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
    job = actions.start(request.user, dataset)
    if job.ended:
        messages.info(request, _("Nothing has changed since this was scored: here is its result."))
    return redirect(job)


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
    context = standing(request, job)
    # What somebody who reads it in full has unfolded stays so until there is nothing more to come.
    context["swap_log"] = context["log"] is not None and (job.ended or not context["full"])
    return render(request, "jobs/_progress.html", context, status=status)


def standing(request: Visit, job: Any) -> dict[str, Any]:
    """How far the job is, what comes next, and what happened so far."""
    submission = job.dataset.submission
    naming.for_reader(request.user, submission, [job.dataset])
    may_log = rules.can_read_log(request.user, job)
    return {
        "event": submission.event,
        "submission": submission,
        "dataset": job.dataset,
        "job": job,
        "elapsed": measures.duration(job.elapsed.total_seconds()),
        "can_cancel": rules.can_cancel(request.user, job),
        "can_start": job.ended and rules.can_start(request.user, job.dataset),
        "can_rerun": rules.can_rerun(request.user, job),
        "log": job.events.all() if may_log else None,
        "full": may_log and can_run(request.user, submission.event),
        **waiting(job),
    }


def waiting(job: ScoringJob) -> dict[str, Any]:
    """The place in the line and the expected wait; of a divided job, how many parts are done."""
    if job.state != ScoringJob.State.QUEUED:
        return {}
    if job.step == ScoringJob.Step.MERGE:
        done = job.parts.filter(state__in=ScoringJob.ENDED).count()
        return {"parts": job.parts.count(), "parts_done": done}
    place = measures.place_in_line(job)
    wait = measures.expected_wait(place)
    return {
        "place": place,
        "no_worker": not Worker.objects.fit().exists(),
        "soon": None if wait is None else measures.soon(wait),
    }


@login_required
@require_POST
def cancel(request: Visit, event: str, pk: object) -> HttpResponse:
    stoppable = ScoringJob.objects.stoppable_by(request.user)
    job = get_object_or_404(stoppable, dataset__submission__event__slug=event, pk=pk)
    return redirect(actions.cancel(request.user, job))
