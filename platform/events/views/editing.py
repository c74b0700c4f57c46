"""Organizers edit an event: its settings by section, its parts one by one. Times are on the
event's clock."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events import actions, forms, people
from events.models import Event, Extension, Page, Phase, Question, Track
from events.views import fetch_run
from theme.refusal import Refused

SECTIONS = {
    "basics": gettext_lazy("Name, text, place"),
    "admission": gettext_lazy("Who may come"),
    "features": gettext_lazy("What the event has"),
    "look": gettext_lazy("Colours and logo"),
    "conduct": gettext_lazy("Code of conduct"),
    "safety": gettext_lazy("Second factor"),
}
PARTS: dict[str, tuple[type[Any], Any, Any, Any]] = {
    "phases": (Phase, forms.PhaseForm, gettext_lazy("Phases"), gettext_lazy("Add a phase")),
    "tracks": (Track, forms.TrackForm, gettext_lazy("Categories"), gettext_lazy("Add a category")),
    "pages": (Page, forms.PageForm, gettext_lazy("Pages"), gettext_lazy("Add a page")),
    "questions": (
        Question,
        forms.QuestionForm,
        gettext_lazy("Questions"),
        gettext_lazy("Add a question"),
    ),
}


@login_required
def settings(request: Visit, event: str, section: str) -> HttpResponse:
    found = fetch_run(request, event)
    if section not in SECTIONS:
        raise Http404
    with timezone.override(found.zone):
        form = _section_form(request, found, section)
        if request.method == "POST" and form.is_valid():
            try:
                _save_section(request, found, section, form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved."))
                return redirect("events:settings", event=found.slug, section=section)
        found.refresh_from_db()  # a form of a model changes it before it is valid
        context = {"event": found, "form": form, "section": section, "sections": SECTIONS}
        lacking = people.without_second_factor(found) if section == "safety" else ()
        context |= {"parts": PARTS, "lacking": lacking}
        return render(request, "events/settings.html", context)


def _section_form(request: Visit, event: Event, section: str) -> BaseForm:
    data, files = request.POST or None, request.FILES or None
    copy = Event.objects.get(pk=event.pk)
    if section == "basics":
        return forms.BasicsForm(data, instance=copy)
    if section == "admission":
        return forms.AdmissionForm(data, instance=copy)
    if section == "features":
        initial = {"on": event.features, "team_size": event.team_size}
        return forms.FeaturesForm(data, initial=initial)
    if section == "look":
        told = {"colour": event.colour, "on_colour": event.on_colour}
        return forms.LookForm(data, files, initial={k: v for k, v in told.items() if v})
    if section == "safety":
        return forms.SafetyForm(data, instance=copy)
    newest = event.conducts.first()
    return forms.ConductForm(data, initial={"text": newest.text if newest else ""})


def _save_section(request: Visit, event: Event, section: str, form: Any) -> None:
    given = form.cleaned_data
    if section == "conduct":
        actions.write_conduct(request.user, event, text=given["text"])
        return
    if section == "features":
        given = {"switched": form.switched(event), "team_size": given["team_size"]}
    if section == "look":
        logo: ContentFile[bytes] | None = given.pop("logo")
        if logo is not None:
            actions.change_logo(request.user, event, logo=logo)
    actions.change_event(request.user, event, **given)


def _part_form(request: Visit, event: Event, kind: str, instance: Any) -> Any:
    _model, form, _title, _add = PARTS[kind]
    more = {"event": event} if kind == "questions" else {}
    return form(request.POST or None, instance=instance, **more)


@login_required
def parts(request: Visit, event: str, kind: str) -> HttpResponse:
    """All phases, tracks, pages or questions, and a form for one more."""
    found = fetch_run(request, event)
    model, _form, title, add = _known(kind)
    with timezone.override(found.zone):
        form = _part_form(request, found, kind, model(event=found))
        if request.method == "POST" and form.is_valid():
            try:
                actions.add_part(request.user, found, form.save(commit=False))
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Added."))
                return redirect("events:parts", event=found.slug, kind=kind)
        context = {"event": found, "kind": kind, "form": form, "title": title, "add": add}
        rows = model.objects.filter(event=found)
        more = {"rows": rows, "sections": SECTIONS, "parts": PARTS}
        return render(request, "events/parts.html", context | more)


def _known(kind: str) -> tuple[type[Any], Any, Any, Any]:
    if kind not in PARTS:
        raise Http404
    return PARTS[kind]


@login_required
def part(request: Visit, event: str, kind: str, part: int) -> HttpResponse:
    found = fetch_run(request, event)
    model, _form, title, _add = _known(kind)
    row = get_object_or_404(model, event=found, pk=part)
    with timezone.override(found.zone):
        form = _part_form(request, found, kind, model.objects.get(pk=row.pk))
        if request.method == "POST" and form.is_valid():
            try:
                actions.change_part(request.user, row, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved."))
                return redirect("events:parts", event=found.slug, kind=kind)
        context = {"event": found, "kind": kind, "row": row, "form": form, "title": title}
        return render(request, "events/part.html", context | _extensions(row))


def _extensions(row: Any) -> dict[str, Any]:
    if not isinstance(row, Phase):
        return {}
    return {"extensions": row.extensions.select_related("user"), "extend": forms.ExtensionForm()}


@login_required
@require_POST
def remove_part(request: Visit, event: str, kind: str, part: int) -> HttpResponse:
    found = fetch_run(request, event)
    row = get_object_or_404(_known(kind)[0], event=found, pk=part)
    actions.remove_part(request.user, row)
    messages.success(request, _("Removed."))
    return redirect("events:parts", event=found.slug, kind=kind)


@login_required
@require_POST
def move_part(request: Visit, event: str, kind: str, part: int) -> HttpResponse:
    found = fetch_run(request, event)
    row = get_object_or_404(_known(kind)[0], event=found, pk=part)
    actions.move_part(request.user, row)
    return redirect("events:parts", event=found.slug, kind=kind)


@login_required
@require_POST
def extend(request: Visit, event: str, phase: int) -> HttpResponse:
    """More time for one person, found by their address among those who take part."""
    found = fetch_run(request, event)
    row = get_object_or_404(found.phases, pk=phase)
    with timezone.override(found.zone):
        form = forms.ExtensionForm(request.POST)
        valid = form.is_valid()
    if not valid:
        raise Refused(_("Write an address, and until when."), code="extension.invalid")
    given = form.cleaned_data
    one = found.registrations.filter(user__email__iexact=given["email"]).first()
    if one is None:
        raise Refused(_("Nobody with this address is registered."), code="extension.nobody")
    actions.extend(request.user, row, to=one.user, until=given["until"], reason=given["reason"])
    messages.success(request, _("%(person)s has more time.") % {"person": one.user})
    return redirect("events:part", event=found.slug, kind="phases", part=row.pk)


@login_required
@require_POST
def end_extension(request: Visit, event: str, extension: int) -> HttpResponse:
    found = fetch_run(request, event)
    given = get_object_or_404(Extension, phase__event=found, pk=extension)
    actions.end_extension(request.user, given)
    messages.success(
        request, _("The deadline of %(person)s is everybody's.") % {"person": given.user}
    )
    return redirect("events:part", event=found.slug, kind="phases", part=given.phase_id)
