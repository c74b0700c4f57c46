from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event, Invitation, Role
from events.views import fetch_run
from judging.panel import actions, assigning, conflicts, judges, rules
from judging.panel.forms import ConflictForm, CriterionForm, JudgeForm, PairForm, ReviewsForm
from judging.panel.models import (
    Assignment,
    Conflict,
    Criterion,
    invited_to_judge,
    judges_of,
    mentors_among,
    panel_of,
)
from judging.panel.planning import make_plan
from theme.refusal import Refused


@login_required
def detail(request: Visit, event: str) -> HttpResponse:
    return panel_page(request, fetch_run(request, event))


def panel_page(request: Visit, event: Event, **forms: object) -> HttpResponse:
    """The panel, with the form that was refused instead of a fresh one."""
    hidden = rules.hidden_tracks(request.user, event)
    told = Assignment.objects.of(event).active().exclude(submission__track__in=hidden)
    if rules.judges_now(request.user, event):
        told = told.exclude(reason__in=Assignment.ADAPTIVE)
    loads = Counter(told.values_list("judge_id", flat=True))
    known = {e.judge_id: e for e in event.expertises.prefetch_related("tracks")}
    shown = Prefetch("assignments", told.select_related("judge"))
    context = {
        "event": event,
        "panel": panel_of(event),
        "hidden": hidden,
        "criteria": event.criteria.select_related("track"),
        "judges": [(j, loads[j.pk], known.get(j.pk)) for j in judges_of(event)],
        "invited": invited_to_judge(event),
        "mentors": mentors_among(event),
        "submissions": event.submissions.submitted()
        .exclude(track__in=hidden)
        .select_related("track", "event", "spot", "entry_type")
        .prefetch_related(shown, "more_tracks")
        .order_by("track__position", "title"),
        "conflicts": Conflict.objects.standing()
        .filter(submission__event=event)
        .exclude(submission__track__in=hidden)
        .select_related("judge", "submission", "submission__event"),
        "can_change_criteria": rules.can_change_criteria(request.user, event),
        "judge_form": JudgeForm(auto_id="judge_%s"),
        "reviews_form": ReviewsForm(auto_id="reviews_%s"),
        "pair_form": PairForm(event=event, auto_id="pair_%s"),
        "conflict_form": ConflictForm(event=event, auto_id="conflict_%s"),
    }
    return render(request, "panel/detail.html", context | forms)


@login_required
@require_POST
def use_reference_criteria(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    actions.use_reference_criteria(request.user, found)
    messages.success(request, _("The four criteria are set."))
    return redirect("panel:detail", found.slug)


@login_required
def criterion(request: Visit, event: str, pk: int | None = None) -> HttpResponse:
    """Adds one, or changes the one named."""
    found = fetch_run(request, event)
    position = found.criteria.aggregate(count=Count("pk"))["count"]
    fresh = Criterion(event=found, position=position)
    instance = get_object_or_404(found.criteria, pk=pk) if pk else fresh
    form = CriterionForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_criterion(request.user, form.instance)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": form.instance})
            return redirect("panel:detail", found.slug)
    return render(request, "panel/criterion.html", {"event": found, "form": form})


@login_required
@require_POST
def add_judge(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = JudgeForm(request.POST, auto_id="judge_%s")
    if form.is_valid():
        try:
            made = judges.add_judge(request.user, found, email=form.cleaned_data["email"])
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _come(made))
            return redirect("panel:detail", found.slug)
    return panel_page(request, found, judge_form=form)


def _come(made: Role | Invitation) -> str:
    if isinstance(made, Invitation):
        return _("%(email)s is invited to judge.") % {"email": made.email}
    return _("%(judge)s is a judge now.") % {"judge": made.user}


@login_required
@require_POST
def plan(request: Visit, event: str) -> HttpResponse:
    """The assignment before it is made: loads, and what does not work."""
    found = fetch_run(request, event)
    form = ReviewsForm(request.POST, auto_id="reviews_%s")
    if form.is_valid():
        reviews = form.cleaned_data["reviews"]
        try:
            made = assigning.plan_all(request.user, found, reviews=reviews)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            context = {"event": found, "plan": made, "reviews": reviews}
            return render(request, "panel/plan.html", context)
    return panel_page(request, found, reviews_form=form)


@login_required
@require_POST
def assign_all(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = ReviewsForm(request.POST, auto_id="reviews_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = assigning.assign_all(
                request.user, found, reviews=told["reviews"], key=told["key"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(count)d assignments made.") % {"count": len(made)})
            for problem in make_plan(found, reviews=told["reviews"]).problems:
                messages.warning(request, problem)
            return redirect("panel:detail", found.slug)
    return panel_page(request, found, reviews_form=form)


@login_required
@require_POST
def assign(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = PairForm(request.POST, event=found, auto_id="pair_%s")
    if form.is_valid():
        submission, judge = form.cleaned_data["submission"], form.cleaned_data["judge"]
        try:
            actions.assign(request.user, submission, judge=judge)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(judge)s judges %(submission)s.") % {"judge": judge, "submission": submission},
            )
            return redirect("panel:detail", found.slug)
    return panel_page(request, found, pair_form=form)


@login_required
@require_POST
def unassign(request: Visit, event: str, pk: int) -> HttpResponse:
    found = fetch_run(request, event)
    assignment = get_object_or_404(Assignment.objects.of(found), pk=pk)
    actions.unassign(request.user, assignment)
    messages.success(request, _("The assignment is taken back."))
    return redirect("panel:detail", found.slug)


@login_required
@require_POST
def conflict(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = ConflictForm(request.POST, event=found, auto_id="conflict_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            conflicts.declare_conflict(
                request.user, told["submission"], judge=told["judge"], reason=told["reason"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The conflict of interest is noted."))
            return redirect("panel:detail", found.slug)
    return panel_page(request, found, conflict_form=form)
