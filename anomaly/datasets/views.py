import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import Visit
from anomaly.datasets import actions, naming, rules, store, uploading
from anomaly.datasets.forms import (
    READ_AS,
    LimitsForm,
    ReadingForm,
    RolesForm,
    SizeLimit,
    UploadForm,
)
from anomaly.datasets.inspection import seconds_for
from anomaly.datasets.models import DataLimits, Dataset, Upload, examined_by
from events.models import Event
from submissions.entries.models import Submission
from submissions.entries.rules import is_author
from theme.refusal import Refused
from theme.spreadsheet import as_attachment

logger = logging.getLogger(__name__)

UNPROCESSABLE, GONE = 422, 410


def fetch(request: Visit, event: str, pk: object) -> Dataset:
    """The data set, if this person may see what was understood of it."""
    visible = Dataset.objects.visible_to(request.user).select_related(
        "submission__event", "submission__team", "uploaded_by"
    )
    return get_object_or_404(visible, submission__event__slug=event, pk=pk)


def fetch_submission(request: Visit, event: str, pk: object) -> Submission:
    """The submission, if this person may see its data."""
    examined = examined_by(request.user).select_related("event", "team")
    return get_object_or_404(examined, event__slug=event, pk=pk)


@csrf_exempt  # only until the limit below is in place; `_upload` checks the token
def upload(request: Visit, event: str, pk: object) -> HttpResponse:
    together = ("event", "team", "entry_type")
    own = Submission.objects.own(request.user).select_related(*together)
    found = own.filter(event__slug=event, pk=str(pk)).first()
    limit = SizeLimit(request, DataLimits.of(found.event).file_bytes if found else 0)
    request.upload_handlers.insert(0, limit)
    in_time = found is not None and rules.can_upload(request.user, found)  # before a byte is read
    return _upload(request, found, limit, in_time)


@csrf_protect
@login_required
def _upload(
    request: Visit, submission: Submission | None, limit: SizeLimit, in_time: bool
) -> HttpResponse:
    if submission is None:
        raise Http404
    limits = DataLimits.of(submission.event)
    form, status = UploadForm(limits=limits), None
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, limits=limits, exceeded=limit.exceeded)
        taken = _take(request, submission, form, in_time)
        if isinstance(taken, Dataset):
            messages.success(request, _("%(name)s is stored.") % {"name": taken.name})
            return redirect(taken)
        status = taken
    return upload_page(request, submission, form, status)


def upload_page(
    request: Visit, submission: Submission, form: UploadForm, status: int | None = None
) -> HttpResponse:
    context = {
        "event": submission.event,
        "submission": submission,
        "datasets": submission.datasets.select_related("submission__event"),
        "unfinished": Upload.objects.own(request.user).unfinished().filter(submission=submission),
        "form": form,
        "limits": DataLimits.of(submission.event),
        "chunk": uploading.CHUNK,
        "can_upload": rules.can_upload(request.user, submission),
    }
    return render(request, "datasets/upload.html", context, status=status)


@login_required
@require_POST
def give_up(request: Visit, event: str, pk: object) -> HttpResponse:
    own = Upload.objects.own(request.user)
    found = get_object_or_404(own, submission__event__slug=event, pk=pk)
    uploading.give_up(request.user, found)
    messages.success(request, _("%(name)s is forgotten.") % {"name": found.name})
    return redirect("datasets:upload", event, found.submission_id)


def _take(request: Visit, submission: Submission, form: UploadForm, in_time: bool) -> Dataset | int:
    """The stored table, or the status of the answer, with the reason beside the field."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        file = form.cleaned_data["file"]
        dataset = actions.upload(request.user, submission, file=file, begun_in_time=in_time)
    except Refused as refused:
        form.add_error("file", str(refused))
        return refused.status if refused.status >= 500 else UNPROCESSABLE
    if dataset.state == Dataset.State.REJECTED:
        form.add_error("file", dataset.problem)
        return UNPROCESSABLE
    return dataset


@login_required
@require_safe
def panel(request: Visit, event: str, pk: object) -> HttpResponse:
    """The data sets of a submission: a part of its page, and a page of its own."""
    submission = fetch_submission(request, event, pk)
    seen = submission.datasets.visible_to(request.user)
    datasets = list(seen.select_related("submission__event"))
    naming.for_reader(request.user, submission, datasets)
    context = {
        "event": submission.event,
        "submission": submission,
        "datasets": datasets,
        "being_read": any(one.state == Dataset.State.CHECKING for one in datasets),
        "author": is_author(request.user, submission),
        "can_upload": rules.can_upload(request.user, submission),
    }
    template = "datasets/_panel.html" if request.htmx else "datasets/panel.html"
    return render(request, template, context)


@login_required
def detail(request: Visit, event: str, pk: object) -> HttpResponse:
    dataset = fetch(request, event, pk)
    form = RolesForm(request.POST or None, dataset=dataset)
    if request.method == "POST" and save_roles(request, dataset, form):
        messages.success(request, _("The roles of the columns are saved."))
        return redirect(dataset)
    return page(request, dataset, form)


def save_roles(request: Visit, dataset: Dataset, form: RolesForm) -> bool:
    """Stores what the form says; a refusal is shown in the form."""
    if not form.is_valid():
        return False
    try:
        actions.choose_roles(request.user, dataset, roles=form.roles(), kinds=form.kinds())
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@login_required
@require_POST
def reading(request: Visit, event: str, pk: object) -> HttpResponse:
    """Reads the file again as the person says it is."""
    own = Dataset.objects.own(request.user).select_related("submission__event")
    dataset = get_object_or_404(own, submission__event__slug=event, pk=pk)
    form = ReadingForm(request.POST, dataset=dataset)
    if form.is_valid():
        try:
            again = actions.read_again(request.user, dataset, told=form.told())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if not again.being_read:
                messages.success(request, _("The file was read again."))
            return redirect(dataset)
    return page(request, dataset, RolesForm(dataset=dataset), form)


def page(
    request: Visit, dataset: Dataset, form: RolesForm, reading: ReadingForm | None = None
) -> HttpResponse:
    """What was understood of a table, with roles and reading as the forms hold them."""
    how = reading or ReadingForm(dataset=dataset)
    naming.for_reader(request.user, dataset.submission, [dataset])
    may_upload = rules.can_upload(request.user, dataset.submission)
    context = {
        "event": dataset.event,
        "submission": dataset.submission,
        "dataset": dataset,
        "form": form,
        "reading": how,
        "read_as": READ_AS.get(dataset.profile.get("reading", {}).get("format", "")),
        "can_edit": rules.can_choose_roles(request.user, dataset),
        "can_read_again": may_upload and bool(how.fields) and not dataset.being_read,
        "waited": waited(dataset),
        "most_minutes": int(seconds_for(dataset.size) // 60),
        "can_download": rules.can_download(request.user, dataset),
        "can_upload": may_upload,
    }
    status = UNPROCESSABLE if form.errors or how.errors else None
    return render(request, "datasets/detail.html", context, status=status)


def waited(dataset: Dataset) -> int:
    """How long a table has been waiting to be known, in seconds of the database's clock."""
    now = Dataset.objects.filter(pk=dataset.pk).values_list(Now(), flat=True).get()
    return max(0, int((now - dataset.uploaded_at).total_seconds()))


@login_required
def limits(request: Visit, event: str) -> HttpResponse:
    """How much the event takes: for those who run it."""
    found = get_object_or_404(Event.objects.run_by(request.user), slug=event)
    form = LimitsForm(request.POST or None, instance=DataLimits.of(found))
    if request.method == "POST" and form.is_valid():
        actions.set_limits(request.user, found, limits=form.cleaned_data)
        messages.success(request, _("The limits are saved."))
        return redirect("datasets:limits", found.slug)
    context = {"event": found, "form": form, "server_bytes": settings.PODIUM_UPLOAD_BYTES}
    status = UNPROCESSABLE if form.errors else None
    return render(request, "datasets/limits.html", context, status=status)


@login_required
@require_safe
def download(request: Visit, event: str, pk: object) -> HttpResponseBase:
    own = Dataset.objects.own(request.user).select_related("submission__event")
    dataset = get_object_or_404(own, submission__event__slug=event, pk=pk)
    if not store.is_whole(dataset.sha256, dataset.size):  # F36: never a broken file
        logger.error("data set %s: its file is missing or was changed", dataset.pk)
        context = {"event": dataset.event, "submission": dataset.submission, "dataset": dataset}
        return render(request, "datasets/lost.html", context, status=GONE)
    return attachment(dataset.path.open("rb"), dataset.name, "application/octet-stream")


def attachment(content: object, name: str, kind: str) -> FileResponse:
    """A file as something to keep, never something for the browser to interpret."""
    return as_attachment(FileResponse(content, content_type=kind), name)
