"""What people do with scoring: ask for it, and stop it. What workers do stands in `leases`."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets.models import Dataset
from anomaly.jobs import rules, tasks
from anomaly.jobs.models import PAYLOAD_VERSION, JobEvent, ScoringJob
from notices.actions import record
from submissions.entries.rules import is_author
from theme.refusal import Refused


@transaction.atomic
def start(user: User, dataset: Dataset, *, seed: int = 0) -> ScoringJob:
    """Queues a job with the roles of now. One that is under way already is returned instead, so a
    double click scores once; after it has ended this makes a new one, and the old report stays."""
    found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    _refuse_unless_startable(user, found)
    under_way = ScoringJob.objects.unfinished().filter(dataset=found).first()
    if under_way:
        return under_way
    said = {"roles": found.roles, "kinds": found.kinds, "told": found.told}
    payload = {"version": PAYLOAD_VERSION, "seed": seed, **said}
    job = ScoringJob.objects.create(dataset=found, requested_by=user, payload=payload)
    job.events.create(kind=JobEvent.Kind.QUEUED, attempt=0)
    record(user, "start_scoring", job, dataset=str(found.pk))
    transaction.on_commit(tasks.ring, robust=True)
    return job


def _refuse_unless_startable(user: User, dataset: Dataset) -> None:
    if not is_author(user, dataset.submission):
        raise Refused(_("Only the team can have its data scored."), code="job.not_yours")
    if dataset.state != Dataset.State.READY:
        raise Refused(_("This file is not usable; upload another one."), code="dataset.rejected")
    if not rules.can_start(user, dataset):
        raise Refused(
            _("Submissions are closed, so nothing new can be scored."), code="deadline.passed"
        )


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
    elif not found.cancel_requested:
        found.cancel_requested = True
        found.events.create(kind=JobEvent.Kind.CANCEL_ASKED, attempt=found.attempt)
    found.save(update_fields=["state", "finished_at", "cancel_requested"])
    record(user, "cancel_scoring", found)
    return found
