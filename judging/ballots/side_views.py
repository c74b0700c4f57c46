"""Beside the score sheet: skip, abstain, flag, compare two, discuss, try the examples."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Viewer
from accounts.requests import Visit
from events.models import Event
from events.views import fetch_run
from judging.ballots import comparing, desk_work, examples, pairing, rules
from judging.ballots.forms import ExampleForm, FlagForm, PairForm, SkipForm
from judging.ballots.models import Flag, Skip
from judging.ballots.views import fetch_assignment, fetch_judged
from judging.panel.models import panel_of
from submissions.entries.models import Submission


@login_required
@require_POST
def skip(request: Visit, event: str, pk: object) -> HttpResponse:
    assignment = fetch_assignment(request, event, pk)
    form = SkipForm(request.POST)
    if form.is_valid():
        reason = Skip.Reason(form.cleaned_data["reason"])
        desk_work.skip(request.user, assignment, reason=reason)
        messages.success(request, _("It waits at the end of your desk."))
    return redirect("ballots:event", assignment.event.slug)


@login_required
@require_POST
def abstain(request: Visit, event: str, pk: object) -> HttpResponse:
    assignment = fetch_assignment(request, event, pk)
    words = request.POST.get("words", "").replace("\x00", "")[:300]
    desk_work.abstain(request.user, assignment, words=words)
    messages.success(request, _("You abstain: it is off your desk, somebody else will read it."))
    return redirect("ballots:event", assignment.event.slug)


@login_required
@require_POST
def flag(request: Visit, event: str, pk: object) -> HttpResponse:
    assignment = fetch_assignment(request, event, pk)
    form = FlagForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        kind = Flag.Kind(told["kind"])
        desk_work.flag(request.user, assignment, kind=kind, words=told["words"])
        messages.success(request, _("The organizers are told. Score it as you find it."))
    return redirect("ballots:sheet", assignment.event.slug, assignment.submission_id)


@login_required
@require_POST
def settle(request: Visit, event: str, pk: int) -> HttpResponse:
    found = fetch_run(request, event)
    raised = get_object_or_404(Flag, pk=pk, assignment__submission__event=found)
    desk_work.settle(request.user, raised)
    messages.success(request, _("Noted as seen to."))
    return redirect("ballots:progress", found.slug)


@login_required
def pair(request: Visit, event: str) -> HttpResponse:
    """Which of these two is better? The next pair is the one whose answer settles most."""
    found = fetch_judged(request, event)
    if not rules.can_compare(request.user, found):
        raise Http404
    if request.method == "POST":
        _answer(request, found)
        return redirect("ballots:pair", found.slug)
    chosen = pairing.pick_pair(request.user, found)
    panel = panel_of(found)
    context = {
        "event": found,
        "panel": panel,
        "pair": chosen,
        "readable": _readable(request.user, chosen or ()),
        "form": _by_criterion(*chosen) if chosen and panel.pairs_by_criterion else None,
        "done": pairing.answered(request.user, found),
    }
    return render(request, "ballots/pair.html", context)


def _readable(user: Viewer, submissions: Iterable[Submission]) -> set[UUID]:
    """Those whose page this judge may open, too: assigned, or shown to everybody."""
    told = [submission.pk for submission in submissions]
    return set(Submission.objects.visible_to(user).filter(pk__in=told).values_list("pk", flat=True))


def _by_criterion(one: Submission, other: Submission, data: object = None) -> PairForm | None:
    """None where nothing is asked of both."""
    criteria = comparing.criteria_of_both(one, other)
    return PairForm(data, one=one, other=other, criteria=criteria) if criteria else None


def _answer(request: Visit, found: Event) -> None:
    """By ids of what is handed in; `better` is empty for a skip, "criteria" where each is asked."""
    submitted = Submission.objects.submitted().filter(event=found)
    one, other = (get_object_or_404(submitted, pk=_id(request, name)) for name in ("one", "other"))
    told = request.POST.get("better")
    form = _by_criterion(one, other, request.POST) if told == "criteria" else None
    if form is not None and form.is_valid():
        comparing.compare_by_criterion(request.user, one, other, better=form.told())
        return
    best = get_object_or_404(submitted, pk=_id(request, "better")) if told else None
    comparing.compare(request.user, one, other, better=best)


def _id(request: Visit, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


@login_required
def discussion(request: Visit, event: str, pk: object) -> HttpResponse:
    """What the judges of a submission say to each other, after their own scores are in."""
    submissions = Submission.objects.visible_to(request.user).select_related("event", "track")
    submission = get_object_or_404(submissions, event__slug=event, pk=pk)
    if not rules.can_discuss(request.user, submission):
        raise Http404
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\x00", "")[:4000]
        desk_work.remark(request.user, submission, text=text)
        return redirect("ballots:discussion", event, submission.pk)
    context = {
        "event": submission.event,
        "submission": submission,
        "ballots": desk_work.counted_ballots(submission),
        "remarks": submission.remarks.select_related("author"),
    }
    return render(request, "ballots/discussion.html", context)


@login_required
def training(request: Visit, event: str) -> HttpResponse:
    """The examples, one after the other; then how the others scored them."""
    found = fetch_judged(request, event)
    waiting = examples.waiting(request.user, found)
    form = ExampleForm(request.POST or None, example=waiting, scores={}) if waiting else None
    if form and waiting and request.method == "POST" and form.is_valid():
        desk_work.score_example(request.user, waiting, scores=form.told())
        return redirect("ballots:training", found.slug)
    context = {
        "event": found,
        "example": waiting,
        "form": form,
        "spread": [] if waiting else examples.spread(request.user, found),
        "count": found.examples.count(),
    }
    return render(request, "ballots/training.html", context)
