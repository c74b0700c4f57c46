from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from accounts.requests import Visit
from anomaly.datasets import actions, rules
from anomaly.datasets.forms import RolesForm, SizeLimit, UploadForm
from anomaly.datasets.models import Dataset, examined_by
from submissions.entries.models import Submission
from submissions.entries.rules import is_author
from theme.refusal import Refused

UNPROCESSABLE = 422


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
    limit = SizeLimit(request)
    request.upload_handlers.insert(0, limit)
    return _upload(request, event, pk, limit)


@csrf_protect
@login_required
def _upload(request: Visit, event: str, pk: object, limit: SizeLimit) -> HttpResponse:
    own = Submission.objects.own(request.user).select_related("event", "team")
    submission = get_object_or_404(own, event__slug=event, pk=pk)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, exceeded=limit.exceeded)
        dataset = _take(request, submission, form)
        if dataset:
            messages.success(request, _("%(name)s is stored.") % {"name": dataset.name})
            return redirect(dataset)
    context = {
        "event": submission.event,
        "submission": submission,
        "datasets": submission.datasets.select_related("submission__event"),
        "form": form,
        "can_upload": rules.can_upload(request.user, submission),
    }
    return render(
        request, "datasets/upload.html", context, status=UNPROCESSABLE if form.errors else None
    )


def _take(request: Visit, submission: Submission, form: UploadForm) -> Dataset | None:
    """The stored table, or None with the reason beside the field."""
    if not form.is_valid():
        return None
    try:
        dataset = actions.upload(request.user, submission, file=form.cleaned_data["file"])
    except Refused as refused:
        form.add_error("file", str(refused))
        return None
    if dataset.state == Dataset.State.REJECTED:
        form.add_error("file", dataset.problem)
        return None
    return dataset


@login_required
@require_safe
def panel(request: Visit, event: str, pk: object) -> HttpResponse:
    """The data sets of a submission: a part of its page, and a page of its own."""
    submission = fetch_submission(request, event, pk)
    context = {
        "event": submission.event,
        "submission": submission,
        "datasets": submission.datasets.select_related("submission__event"),
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
        actions.choose_roles(request.user, dataset, roles=form.roles())
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def page(request: Visit, dataset: Dataset, form: RolesForm) -> HttpResponse:
    """What was understood of a table, with the roles as the form holds them."""
    context = {
        "event": dataset.event,
        "submission": dataset.submission,
        "dataset": dataset,
        "form": form,
        "can_edit": rules.can_choose_roles(request.user, dataset),
        "can_download": rules.can_download(request.user, dataset),
        "can_upload": rules.can_upload(request.user, dataset.submission),
    }
    status = UNPROCESSABLE if form.errors else None
    return render(request, "datasets/detail.html", context, status=status)


@login_required
@require_safe
def download(request: Visit, event: str, pk: object) -> FileResponse:
    dataset = get_object_or_404(
        Dataset.objects.own(request.user), submission__event__slug=event, pk=pk
    )
    try:
        content = dataset.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return attachment(content, dataset.name, "application/octet-stream")


def attachment(content: object, name: str, kind: str) -> FileResponse:
    """A file as something to keep, never something for the browser to interpret."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
