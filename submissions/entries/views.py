from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from events.rules import can_run
from events.views import fetch, fetch_run
from submissions.entries import actions, rules
from submissions.entries.entry_types import use_default_types
from submissions.entries.forms import SubmissionForm
from submissions.entries.models import EntryType, Submission
from theme.refusal import Refused

TOGETHER = ("event", "track", "team", "entry_type")


def _fetch(request: Visit, event: str, pk: object) -> Submission:
    visible = Submission.objects.visible_to(request.user).select_related(
        "event", "track", "team", "entry_type"
    )
    return get_object_or_404(visible, event__slug=event, pk=pk)


def _fetch_own(request: Visit, event: str, pk: object) -> Submission:
    own = Submission.objects.own(request.user).select_related(
        "event", "track", "team", "entry_type"
    )
    return get_object_or_404(own, event__slug=event, pk=pk)


@login_required
def mine(request: Visit, event: str) -> HttpResponse:
    """The own team's submissions; a part of the event's page, and a page of its own."""
    found = fetch(request, event)
    own = Submission.objects.own(request.user).filter(event=found)
    template = "entries/_mine.html" if request.htmx else "entries/mine.html"
    types = use_default_types(None, found)
    context = {
        "event": found,
        "submissions": own.select_related("track", "event", "entry_type"),
        "can_create": [kind for kind in types if rules.can_create(request.user, kind)],
    }
    return render(request, template, context)


@login_required
def create(request: Visit, event: str, entry_type: str = "") -> HttpResponse:
    found = fetch(request, event)
    kind = _fetch_type(found, entry_type)
    form = SubmissionForm(request.POST or None, entry_type=kind)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.create_draft(
                request.user, found, entry_type=kind, track=form.track(), **form.content()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your draft is saved."))
            return redirect(draft)
    return render(request, "entries/edit.html", {"event": found, "form": form, "kind": kind})


def _fetch_type(event: Event, slug: str) -> EntryType:
    types = use_default_types(None, event)
    return get_object_or_404(event.entry_types, slug=slug) if slug else types[0]


@login_required
def edit(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = _fetch_own(request, event, pk)
    form = SubmissionForm(
        request.POST or None,
        # A fresh copy: what the form validates must not overwrite what is stored.
        instance=Submission.objects.get(pk=submission.pk),
        entry_type=submission.entry_type,
    )
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_draft(
                request.user,
                submission,
                revision=form.cleaned_data["revision"] or 0,
                track=form.track(),
                **form.content(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            theirs = submission if refused.code == "submission.conflict" else None
        else:
            messages.success(request, _saved(saved))
            return redirect(saved)
    context = {
        "event": submission.event,
        "form": form,
        "kind": submission.entry_type,
        "submission": submission,
        "theirs": theirs,
    }
    return render(request, "entries/edit.html", context)


def _saved(submission: Submission) -> str:
    if submission.state == Submission.State.SUBMITTED:
        return _("Saved and handed in: this version counts now.")
    return _("Your draft is saved.")


def detail(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = _fetch(request, event, pk)
    author = rules.is_author(request.user, submission)
    context = {
        "event": submission.event,
        "submission": submission,
        "author": author,
        "evidence": author
        or can_run(request.user, submission.event)
        or submission.readers.filter(user_id=request.user.pk).exists(),
        "can_edit": author and rules.is_writable(submission),
        "missing": actions.missing_parts(submission) if author else [],
        "versions": submission.versions.select_related("submitted_by") if author else [],
    }
    return render(request, "entries/detail.html", context)


@login_required
@require_POST
def submit(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = _fetch_own(request, event, pk)
    version = actions.submit(request.user, submission)
    messages.success(
        request,
        _("Handed in as version %(number)d. Receipt: %(hash)s.")
        % {"number": version.number, "hash": version.sha256[:16]},
    )
    return redirect(submission)


@login_required
@require_POST
def withdraw(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = _fetch_own(request, event, pk)
    actions.withdraw(request.user, submission)
    messages.success(request, _("Your submission is withdrawn."))
    return redirect("entries:mine", event=submission.event.slug)


@login_required
@require_POST
def preview(request: Visit) -> HttpResponse:
    """The description as it will be seen; nothing is stored."""
    return render(
        request, "entries/_preview.html", {"source": request.POST.get("description", "")[:20_000]}
    )


@login_required
def organizer_list(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    submissions = (
        Submission.objects.submitted()
        .filter(event=found)
        .select_related("track", "team", "event", "entry_type")
        .order_by("track__position", "title")
    )
    drafts = found.submissions.filter(state=Submission.State.DRAFT).count()
    context = {"event": found, "submissions": submissions, "drafts": drafts}
    return render(request, "entries/list.html", context)
