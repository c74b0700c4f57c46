"""Organizers say what is handed in: entry types, and the questions of each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from events.views import fetch_run
from submissions.entries import entry_types
from submissions.entries.models import EntryType, Question
from submissions.entries.type_forms import NewTypeForm, QuestionForm, TypeForm
from theme.refusal import Refused


def counted(event: Event) -> Any:
    """The types with how many of each are being written, handed in, decided."""
    drafts = Q(submissions__state="draft")
    final = Q(submissions__state="submitted")
    decided = final & ~Q(submissions__decision__in=["submitted", "under_review"])
    return event.entry_types.annotate(
        drafts=Count("submissions", filter=drafts),
        final=Count("submissions", filter=final),
        settled=Count("submissions", filter=decided),
    )


@login_required
def card(request: Visit, event: str) -> HttpResponse:
    """For the console: how many of each type are drafted, handed in and decided."""
    found = fetch_run(request, event)
    return render(request, "entries/_card.html", {"event": found, "types": counted(found)})


@login_required
def every(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = NewTypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        slug = entry_types.free_slug(form.cleaned_data["name"], found.entry_types)
        try:
            made = entry_types.create_type(request.user, found, slug=slug, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Added."))
            return redirect("entries:type", event=found.slug, entry_type=made.slug)
    entry_types.use_default_types(None, found)
    context = {"event": found, "types": counted(found), "form": form}
    return render(request, "entries/types.html", context)


def _fetch(request: Visit, event: str, slug: str) -> EntryType:
    found = fetch_run(request, event)
    return get_object_or_404(found.entry_types.select_related("event"), slug=slug)


def _fetch_question(request: Visit, event: str, slug: str, pk: int) -> Question:
    kind = _fetch(request, event, slug)
    return get_object_or_404(kind.questions.select_related("entry_type__event"), pk=pk)


@login_required
def one(request: Visit, event: str, entry_type: str) -> HttpResponse:
    """One type whole; a form for one more question below."""
    kind = _fetch(request, event, entry_type)
    asks = "add_question" in request.POST
    data = request.POST or None
    with timezone.override(kind.event.zone):
        form = TypeForm(None if asks else data, instance=EntryType.objects.get(pk=kind.pk))
        asked = QuestionForm(data if asks else None, prefix="new")
        if request.method == "POST" and _saved(request, kind, asked if asks else form):
            return redirect("entries:type", event=event, entry_type=kind.slug)
        told = {"event": kind.event, "kind": kind, "form": form, "asked": asked}
        return render(request, "entries/type.html", told | {"questions": kind.questions.all()})


def _saved(request: Visit, kind: EntryType, form: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        if isinstance(form, QuestionForm):
            entry_types.add_question(request.user, kind, **form.cleaned_data)
        else:
            entry_types.change_type(request.user, kind, **form.values())
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Saved."))
    return True


@login_required
def question(request: Visit, event: str, entry_type: str, pk: int) -> HttpResponse:
    found = _fetch_question(request, event, entry_type, pk)
    form = QuestionForm(request.POST or None, instance=Question.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        try:
            entry_types.change_question(request.user, found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("entries:type", event=event, entry_type=entry_type)
    kind = found.entry_type
    context = {"event": kind.event, "kind": kind, "question": found, "form": form}
    return render(request, "entries/question.html", context)


@login_required
@require_POST
def remove_question(request: Visit, event: str, entry_type: str, pk: int) -> HttpResponse:
    found = _fetch_question(request, event, entry_type, pk)
    try:
        entry_types.remove_question(request.user, found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Removed."))
    return redirect("entries:type", event=event, entry_type=entry_type)
