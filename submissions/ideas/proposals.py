"""Pages of an applicant: begin a proposal, say which idea it is for, write to the mentors."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from submissions.entries.models import EntryType, Submission
from submissions.entries.views.fetching import fetch_own, fetch_visible
from submissions.ideas import proposing, rules
from submissions.ideas.forms import ChoiceForm
from submissions.ideas.models import ForIdea
from submissions.ideas.views import fetch_idea, shown
from theme.refusal import Refused


@login_required
@require_POST
def begin(request: Visit, event: str, idea: int) -> HttpResponse:
    found = fetch_idea(request, event, idea)
    track = found.event.tracks.filter(slug=request.POST.get("track", "")[:80]).first()
    key = request.POST.get("key", "")[:60] or uuid4().hex
    draft = proposing.begin(request.user, found, track=track, key=key)
    messages.success(request, _("Your draft is begun. Show early work in it, if you have some."))
    return redirect("entries:edit", event=found.event.slug, pk=draft.pk)


@login_required
@require_POST
def ask(request: Visit, event: str, idea: int) -> HttpResponse:
    found = fetch_idea(request, event, idea)
    text = request.POST.get("text", "")
    try:
        proposing.ask(request.user, found, text=text)
    except Refused as refused:
        context = shown(request, found) | {"text": text[:20_000], "sentence": str(refused)}
        return render(request, "ideas/idea.html", context, status=refused.status)
    messages.success(request, _("Your question is on its way; the answer comes by mail."))
    return redirect(found)


@login_required
def of(request: Visit, event: str, pk: object) -> HttpResponse:
    """Which idea a proposal is for: a part of its page, and a page of its own."""
    submission = fetch_visible(request, event, pk)
    if submission.entry_type.kind != EntryType.Kind.PROPOSAL:
        raise Http404
    return _answer(request, submission)


def _answer(request: Visit, submission: Submission, form: ChoiceForm | None = None) -> HttpResponse:
    chosen = ForIdea.objects.filter(submission=submission).select_related("idea__event").first()
    if form is None and rules.can_choose(request.user, submission):
        initial = {"idea": chosen.idea_id if chosen else None}
        form = ChoiceForm(submission=submission, initial=initial)
    context = {"event": submission.event, "submission": submission, "chosen": chosen, "form": form}
    template = "ideas/_of.html" if request.htmx else "ideas/of.html"
    return render(request, template, context)


@login_required
@require_POST
def choose(request: Visit, event: str, pk: object) -> HttpResponse:
    submission = fetch_own(request, event, pk)
    if submission.entry_type.kind != EntryType.Kind.PROPOSAL:
        raise Http404
    form = ChoiceForm(request.POST, submission=submission)
    if form.is_valid():
        try:
            proposing.choose(request.user, submission, idea=form.cleaned_data["idea"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is noted which idea this is for."))
            return redirect(submission)
    return _answer(request, submission, form)
