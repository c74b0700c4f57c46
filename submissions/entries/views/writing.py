import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import Visit
from events.models import Event
from events.views import fetch
from submissions.entries import actions, rules, traces, windows
from submissions.entries.drafting import Conflict, working_values
from submissions.entries.entry_types import use_default_types
from submissions.entries.forms import AuthorFormSet, SubmissionForm, editor
from submissions.entries.handing_in import checklist
from submissions.entries.merging import Merge
from submissions.entries.models import EntryType, Submission
from submissions.entries.views.fetching import fetch_own, fetch_type
from theme.refusal import Refused


@login_required
def mine(request: Visit, event: str) -> HttpResponse:
    """The own submissions; a part of the event's page, and a page of its own."""
    found = fetch(request, event)
    own = Submission.objects.own(request.user).filter(event=found)
    template = "entries/_mine.html" if request.htmx else "entries/mine.html"
    types = use_default_types(None, found)
    can_create = [kind for kind in types if rules.can_create(request.user, kind)]
    context = {
        "event": found,
        "submissions": own.select_related("track", "event", "entry_type"),
        "can_create": can_create,
        "team_first": not can_create and _is_a_team_missing(request.user, types),
    }
    return render(request, template, context)


def _is_a_team_missing(user: User, types: Iterable[EntryType]) -> bool:
    open_now = [kind for kind in types if kind.offered and rules.is_accepting(kind, user)]
    return any(rules.lacks_team(user, kind) for kind in open_now)


@login_required
def create(request: Visit, event: str, entry_type: str = "") -> HttpResponse:
    found = fetch(request, event)
    kind = fetch_type(found, entry_type)
    form = SubmissionForm(request.POST or None, entry_type=kind)
    if request.method == "POST" and form.is_valid():
        made = _begin(request, found, kind, form)
        if made:
            return redirect("entries:edit", event=found.slug, pk=made.pk)
    key = request.POST.get("key") or uuid4().hex
    context = {"event": found, "form": form, "kind": kind, "key": key}
    return render(request, "entries/begin.html", context)


def _begin(
    request: Visit, event: Event, kind: EntryType, form: SubmissionForm
) -> Submission | None:
    key = request.POST.get("key", "")
    told = form.content() | {"entry_type": kind, "track": form.chosen_track(), "key": key}
    try:
        return actions.create_draft(request.user, event, **told)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


@login_required
def edit(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    form = editor(submission, request.POST or None)
    merged = None
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, submission, form)
        except Conflict as conflict:
            merged = conflict.merge
            form = _with_theirs(request, submission, merged)
            form.add_error(None, str(conflict))
        except Refused as refused:
            form.add_error(None, str(refused))
    context = _writing(submission, form) | {"theirs": _conflicts(form, merged)}
    return render(request, "entries/edit.html", context)


def _save(request: Visit, submission: Submission, form: SubmissionForm) -> HttpResponse:
    told: dict[str, Any] = form.values()
    stored = working_values(submission)
    told |= {name: stored[name] for name in request.POST.getlist("take") if name in told}
    saved = actions.save_draft(
        request.user,
        submission,
        revision=form.cleaned_data["revision"] or 0,
        seen=form.marks_seen(),
        **told,
    )
    if request.POST.get("then") == "submit" and saved.state != Submission.State.SUBMITTED:
        actions.submit(request.user, saved, key=request.POST.get("key", "")[:80])
        messages.success(request, _("Handed in. The receipt is below, and in your mail."))
    elif saved.state == Submission.State.SUBMITTED:
        messages.success(request, _("Saved and handed in: this version counts now."))
    else:
        messages.success(request, _("Your draft is saved."))
    return redirect(saved)


def _with_theirs(request: Visit, submission: Submission, merged: Merge) -> SubmissionForm:
    """The form with the own text, others' changes in the fields that the writer left alone, and
    the marks of what is stored now: saving again is a decision, not a loop."""
    data = request.POST.copy()
    submission.refresh_from_db()
    for name, value in merged.taken.items():
        data.setlist(name, value if isinstance(value, list) else [_as_sent(value)])
    data["revision"] = str(submission.revision)
    data["seen"] = json.dumps(editor(submission).initial["seen"])
    form = editor(submission, data)
    form.is_valid()
    return form


def _as_sent(value: Any) -> str:
    """A value as a browser sends it: a category by its key, a ticked box as "on"."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(getattr(value, "pk", value) or "")


def _conflicts(form: SubmissionForm, merged: Merge | None) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": form[name].label,
            "text": _shown(value),
            "anchor": form[name].auto_id,
        }
        for name, value in (merged.conflicts if merged else {}).items()
        if name in form.fields
    ]


def _shown(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _writing(submission: Submission, form: SubmissionForm) -> dict[str, Any]:
    return {
        "event": submission.event,
        "kind": submission.entry_type,
        "submission": submission,
        "form": form,
        "checklist": checklist(submission),
        "traces": traces.told(submission, working_values(submission)),
        "closing": submission.entry_type.closing(),
        "granted": windows.running_until(submission),
        "writable": rules.is_writable(submission),
    }


@login_required
@require_POST
def autosave(request: Visit, event: str, pk: object) -> HttpResponse:
    """What the page saves by itself; the answer replaces the line that says so."""
    submission = fetch_own(request, event, pk)
    form = editor(submission, request.POST)
    form.is_valid()  # what is not in order is not stored, and told
    context: dict[str, Any] = {"event": submission.event, "problems": form.said()}
    try:
        saved, merged = actions.autosave(
            request.user,
            submission,
            revision=form.cleaned_data.get("revision") or 0,
            seen=form.marks_seen(),
            values=form.values(),
        )
    except Refused as refused:
        return render(request, "entries/_saved.html", context | {"refused": refused})
    saved.entry_type = submission.entry_type  # with its questions
    values = working_values(saved)
    # A conflict stays one until its writer decides.
    keep = {name: mark for name, mark in form.marks_seen().items() if name in merged.conflicts}
    fresh = editor(saved) if merged.taken else form
    context |= {
        "submission": saved,
        "checklist": checklist(saved),
        "traces": traces.told(saved, values),
        "seen": json.dumps(form.marks_of(values) | keep),
        "taken": [_swapped(fresh[name]) for name in merged.taken],
        "theirs": _conflicts(form, merged),
    }
    return render(request, "entries/_saved.html", context)


def _swapped(field: BoundField) -> dict[str, Any]:
    """A field that takes the place of the one on the page."""
    return {"label": field.label, "html": field.as_widget(attrs={"hx-swap-oob": "true"})}


@login_required
@require_POST
def submit(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    version = actions.submit(request.user, submission, key=request.POST.get("key", "")[:80])
    messages.success(
        request,
        _("Handed in as version %(number)d. Receipt: %(hash)s.")
        % {"number": version.number, "hash": version.sha256[:16]},
    )
    return redirect(submission)


@login_required
@require_POST
def withdraw(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    actions.withdraw(request.user, submission)
    messages.success(request, _("Your submission is withdrawn. You can restore it in time."))
    return redirect(submission)


@login_required
@require_POST
def restore(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    actions.restore(request.user, submission)
    messages.success(request, _("It is a draft again; hand it in when it is ready."))
    return redirect(submission)


@login_required
@require_POST
def discard(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    actions.discard_changes(request.user, submission)
    messages.success(request, _("Your changes are thrown away; what you handed in stands."))
    return redirect(submission)


@login_required
def authors(request: Visit, event: str, pk: object) -> HttpResponse:
    """Who wrote it, in order."""
    submission = fetch_own(request, event, pk)
    forms = AuthorFormSet(request.POST or None, initial=AuthorFormSet.told(submission))
    if request.method == "POST" and forms.is_valid():
        try:
            actions.set_authors(request.user, submission, authors=forms.people())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The authors are saved, in this order."))
            return redirect(submission)
    context = {"event": submission.event, "submission": submission, "forms": forms}
    return render(request, "entries/authors.html", context)


@login_required
@require_POST
def preview(request: Visit) -> HttpResponse:
    """The description as it will be seen; nothing is stored."""
    source = request.POST.get("description", "")[:50_000]
    return render(request, "entries/_preview.html", {"source": source})
