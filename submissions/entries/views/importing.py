from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from accounts.requests import Visit
from events.views import fetch_run
from submissions.entries import importing
from submissions.entries.exporting import HEADER
from submissions.entries.forms import ImportForm
from theme.refusal import Refused


@login_required
def take_in(request: Visit, event: str) -> HttpResponse:
    """First a dry run that names every problem by its line, then the same list in earnest."""
    found = fetch_run(request, event)
    form, lines = ImportForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        lines = importing.read(found, text)
        form = ImportForm(initial={"text": text})
        if request.POST.get("send") and not any(line.problems for line in lines):
            try:
                count = importing.take_in(request.user, found, lines)
            except Refused as refused:
                messages.error(request, str(refused))
            else:
                said = ngettext(
                    "%(n)d submission was taken in.", "%(n)d submissions were taken in.", count
                )
                messages.success(request, said % {"n": count})
                return redirect("entries:list", event=found.slug)
    wrong = [line for line in lines if line.problems]
    context = {"event": found, "form": form, "lines": lines, "wrong": wrong, "names": HEADER}
    return render(request, "entries/import.html", context)
