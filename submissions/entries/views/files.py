from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from submissions.entries import files, notebooks, rules, storing
from submissions.entries.blindness import is_blind
from submissions.entries.models import Attachment, Submission
from submissions.entries.reading import Paper, for_reader
from submissions.entries.views.fetching import fetch_own, fetch_visible
from theme.refusal import Refused
from theme.spreadsheet import as_attachment


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A picture, a PDF, a ZIP or a Jupyter notebook; 25 MB at most."),
        allow_empty_file=True,  # the verb says it in our words
    )
    caption = forms.CharField(label=gettext_lazy("What it shows"), max_length=200, required=False)


@login_required
def manage(request: Visit, event: str, pk: object) -> HttpResponse:
    """The files of the own submission: what is there, and one more."""
    submission = fetch_own(request, event, pk)
    form, status = FileForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            files.attach(request.user, submission, **form.cleaned_data)
        except Refused as refused:
            form.add_error("file", str(refused))
            status = refused.status if refused.status >= 500 else 422
        else:
            messages.success(request, _("The file is kept."))
            return redirect("entries:files", event=event, pk=submission.pk)
    context = {
        "event": submission.event,
        "submission": submission,
        "form": form,
        "attachments": submission.attachments.all(),
        "can_edit": rules.is_writable(submission),
        "blind": is_blind(submission),
    }
    return render(request, "entries/files.html", context, status=status)


@login_required
@require_POST
def remove(request: Visit, event: str, pk: object, file: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    files.detach(request.user, get_object_or_404(submission.attachments, pk=file))
    messages.success(request, _("The file is removed."))
    return redirect("entries:files", event=event, pk=submission.pk)


def _fetch(request: Visit, event: str, pk: object, file: object) -> tuple[Attachment, Paper]:
    """The file, and as what this reader knows it."""
    submission: Submission = fetch_visible(request, event, pk)
    attachment = get_object_or_404(submission.attachments, pk=file)
    reading = for_reader(request.user, submission)
    papers = [one for one in reading.papers if one.key == str(attachment.pk)]
    if not papers:
        raise Http404
    return attachment, papers[0]


def file(request: Visit, event: str, pk: object, file: object) -> HttpResponseBase:
    """To keep; nothing of it is interpreted by the browser (B54). Pictures, which are our own, are
    shown."""
    attachment, paper = _fetch(request, event, pk, file)
    handle = storing.place(attachment.sha256).open("rb")
    if attachment.kind == Attachment.Kind.IMAGE:
        answer = FileResponse(handle, content_type=paper.media_type)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, max-age=3600"
        return answer
    answer = FileResponse(handle, content_type="application/octet-stream")
    return as_attachment(answer, paper.name)


def notebook(request: Visit, event: str, pk: object, file: object) -> HttpResponse:
    """A notebook to read."""
    attachment, paper = _fetch(request, event, pk, file)
    get_object_or_404(Attachment, pk=attachment.pk, kind=Attachment.Kind.NOTEBOOK)
    cells = notebooks.cells(storing.place(attachment.sha256).read_bytes())
    context: dict[str, Any] = {
        "event": attachment.submission.event,
        "paper": paper,
        "cells": cells,
        "back": attachment.submission.get_absolute_url(),
    }
    return render(request, "entries/notebook.html", context)
