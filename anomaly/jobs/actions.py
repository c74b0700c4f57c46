"""What people do with scoring: ask for it, and stop it. What workers do stands in `leases`."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets.models import Dataset
from anomaly.jobs import leases, rules, sharing, tasks, versions
from anomaly.jobs.models import PAYLOAD_VERSION, JobEvent, ScoringJob, Worker
from events.models import Event
from events.rules import can_run
from notices.actions import record
from submissions.entries.rules import is_author
from theme.refusal import Refused

LATER = 10  # the priority of what nobody waits for
UNFINISHED = (ScoringJob.State.QUEUED, ScoringJob.State.RUNNING)


@transaction.atomic
def start(user: User, dataset: Dataset, *, seed: int = 0) -> ScoringJob:
    """Queues a job with the roles of now. One that is under way already is returned instead, so a
    double click scores once; so is one that has found all that this would find. Otherwise this
    makes a new one, and the old report stays."""
    found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    _refuse_unless_startable(user, found)
    under_way = ScoringJob.objects.whole().unfinished().filter(dataset=found).first()
    if under_way:
        return under_way
    Dataset.objects.filter(pk=found.pk, late=True).update(late=False)  # it is open again
    said = {"roles": found.roles, "kinds": found.kinds, "told": found.told, "seed": seed}
    if known := known_already(found, said):
        return known
    job = _queue(user, found, said)
    record(user, "start_scoring", job, dataset=str(found.pk))
    return job


def known_already(dataset: Dataset, said: dict[str, Any]) -> ScoringJob | None:
    """The data set's last job, if nothing has changed since and its result can be read."""
    made = sharing.made_already(sharing.fingerprint(dataset, said)).filter(dataset=dataset)
    last = made.order_by("-finished_at").first()
    return last if last and sharing.is_readable(last) else None


def _queue(
    user: User, dataset: Dataset, said: dict[str, Any], *, anew: bool = False, **more: Any
) -> ScoringJob:
    """A row is all it takes. A table too large for one worker is divided. With `anew` it is scored
    although somebody may have found the same."""
    payload: dict[str, Any] = {"version": PAYLOAD_VERSION, **said}
    mark = "" if anew else sharing.fingerprint(dataset, said)
    step, queue = ScoringJob.Step.WHOLE, queue_of_now()
    if dataset.profile.get("rows", 0) > settings.PODIUM_PART_ROWS:
        step, payload["part_rows"] = ScoringJob.Step.FIT, settings.PODIUM_PART_ROWS
    order = {"payload": payload, "fingerprint": mark, "step": step, "queue": queue}
    job = ScoringJob.objects.create(dataset=dataset, requested_by=user, **order, **more)
    job.events.create(kind=JobEvent.Kind.QUEUED, attempt=0)
    transaction.on_commit(partial(tasks.ring, queue), robust=True)
    return job


def queue_of_now() -> str:
    """The GPU's, where one was heard of within a day. Where a worker is missing another helps."""
    has_gpu = Worker.objects.filter(device=ScoringJob.Queue.GPU).exists()
    return ScoringJob.Queue.GPU if has_gpu else ScoringJob.Queue.CPU


def _refuse_unless_startable(user: User, dataset: Dataset) -> None:
    if not is_author(user, dataset.submission):
        raise Refused(_("Only the team can have its data scored."), code="job.not_yours")
    if dataset.being_read:
        raise Refused(_("The file is being read; wait a moment."), code="dataset.being_read")
    if dataset.state != Dataset.State.READY:
        raise Refused(_("This file is not usable; upload another one."), code="dataset.rejected")
    if not rules.can_start(user, dataset):
        raise Refused(
            _("Submissions are closed, so nothing new can be scored."), code="deadline.passed"
        )


@transaction.atomic
def rerun(user: User, job: ScoringJob, *, priority: int = 0) -> ScoringJob:
    """The same order again, by the detector of now; the old job and its result stay. By the very
    detector that made the old result it is made once more, for whoever doubts it."""
    Dataset.objects.select_for_update(of=("self",)).get(pk=job.dataset_id)
    if not rules.can_rerun(user, job):
        raise Refused(
            _("Only organizers can have a result made again, and only of a job that has ended."),
            code="job.not_rerunnable",
        )
    if ScoringJob.objects.whole().unfinished().filter(dataset=job.dataset_id).exists():
        raise Refused(_("This table is being scored already."), code="job.under_way")
    kept = ("roles", "kinds", "told", "seed")
    said = {"roles": {}, "seed": 0} | {k: v for k, v in job.payload.items() if k in kept}
    anew = job.stamp.get("code") == versions.code()
    again = _queue(user, job.dataset, said, anew=anew, rerun_of=job, priority=priority)
    record(user, "rerun_scoring", again, rerun_of=str(job.pk))
    return again


def rerun_all(user: User, event: Event) -> list[ScoringJob]:
    """Every report that an earlier detector made, behind what people are waiting for."""
    if not can_run(user, event):
        raise Refused(_("Only organizers can do this."), code="event.not_yours")
    return [rerun(user, job, priority=LATER) for job in outdated(user, event)]


def outdated(user: User, event: Event) -> list[ScoringJob]:
    """The last result of each data set's newest version, where another detector made it and no job
    is under way."""
    newest: dict[tuple[object, str], ScoringJob] = {}
    jobs = ScoringJob.objects.visible_to(user).filter(dataset__submission__event=event)
    for job in jobs.select_related("dataset").order_by("dataset__number", "created_at"):
        if job.state in (*rules.RERUN, *UNFINISHED):
            newest[job.dataset.submission_id, job.dataset.name] = job
    made = [job for job in newest.values() if job.state == ScoringJob.State.SUCCEEDED]
    return [job for job in made if job.stamp.get("code") != versions.code()]


@transaction.atomic
def cancel(user: User, job: ScoringJob) -> ScoringJob:
    """Ends a waiting job at once; asks the worker of a running one to stop."""
    found = ScoringJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if not rules.may_stop(user, found):
        raise Refused(_("Only the team and organizers can stop this."), code="job.not_yours")
    if found.ended:
        raise Refused(
            _("There is nothing to cancel: %(state)s already.")
            % {"state": found.get_state_display().lower()},
            code="job.ended",
        )
    if found.state == ScoringJob.State.QUEUED:
        found.state, found.finished_at = ScoringJob.State.CANCELLED, Now()
        found.events.create(kind=JobEvent.Kind.CANCELLED, attempt=found.attempt)
        leases.stop_parts(found)
    elif not found.cancel_requested:
        found.cancel_requested = True
        found.events.create(kind=JobEvent.Kind.CANCEL_ASKED, attempt=found.attempt)
    found.save(update_fields=["state", "finished_at", "cancel_requested"])
    record(user, "cancel_scoring", found)
    return found
