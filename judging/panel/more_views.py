"""The panel's further pages: settings, expertise, conflicts, examples, spots."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.views import fetch, fetch_run
from judging.panel import actions, assigning, conflicts, judges
from judging.panel.forms import ExamplesForm, ExpertiseForm, PanelForm
from judging.panel.models import Conflict, Expertise, judges_of, panel_of


@login_required
def settings(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = PanelForm(request.POST or None, instance=panel_of(found))
    if request.method == "POST" and form.is_valid():
        actions.set_up(request.user, found, **form.cleaned_data)
        messages.success(request, _("This is how the event judges now."))
        return redirect("panel:detail", found.slug)
    return render(request, "panel/settings.html", {"event": found, "form": form})


@login_required
def expertise(request: Visit, event: str, pk: int | None = None) -> HttpResponse:
    """What a judge knows and takes on: the own, or for organizers that of any judge."""
    found = fetch(request, event)
    people = judges_of(found)
    if pk is None:
        judge = get_object_or_404(people, pk=request.user.pk)
    else:
        judge = get_object_or_404(judges_of(fetch_run(request, event)), pk=pk)
    known = Expertise.objects.filter(event=found, judge=judge).first()
    instance = known or Expertise(event=found, judge=judge)
    form = ExpertiseForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        tracks = list(form.cleaned_data["tracks"])
        judges.tell_expertise(request.user, form.instance, tracks=tracks)
        messages.success(request, _("Saved."))
        return redirect("panel:detail" if pk else "ballots:event", found.slug)
    context = {"event": found, "form": form, "judge": judge, "own": pk is None}
    return render(request, "panel/expertise.html", context)


@login_required
def examples(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = ExamplesForm(request.POST or None, event=found)
    if request.method == "POST" and form.is_valid():
        actions.save_examples(request.user, found, examples=form.told())
        messages.success(request, _("Judges find their scale by these now."))
        return redirect("panel:detail", found.slug)
    return render(request, "panel/examples.html", {"event": found, "form": form})


@login_required
@require_POST
def remove_criterion(request: Visit, event: str, pk: int) -> HttpResponse:
    found = fetch_run(request, event)
    actions.remove_criterion(request.user, get_object_or_404(found.criteria, pk=pk))
    messages.success(request, _("The criterion is removed."))
    return redirect("panel:detail", found.slug)


@login_required
@require_POST
def find_conflicts(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    count = conflicts.find_conflicts(request.user, found)
    messages.success(request, _("%(count)d new conflicts found.") % {"count": count})
    return redirect("panel:detail", found.slug)


@login_required
@require_POST
def lift_conflict(request: Visit, event: str, pk: int) -> HttpResponse:
    found = fetch_run(request, event)
    noted = Conflict.objects.standing().filter(submission__event=found)
    conflict = get_object_or_404(noted, pk=pk)
    if conflict.judge_id == request.user.pk:
        raise Http404
    conflicts.lift_conflict(request.user, conflict)
    messages.success(request, _("Lifted: it does not count as a conflict."))
    return redirect("panel:detail", found.slug)


@login_required
@require_POST
def replace_judge(request: Visit, event: str, pk: int) -> HttpResponse:
    """A judge drops out: the open reviews go to others."""
    found = fetch_run(request, event)
    judge = get_object_or_404(judges_of(found), pk=pk)
    made = assigning.replace_judge(request.user, found, judge=judge)
    told = {"judge": judge, "count": len(made)}
    messages.success(request, _("%(count)d reviews of %(judge)s went to others.") % told)
    return redirect("panel:detail", found.slug)


@login_required
@require_POST
def number_spots(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    count = actions.number_spots(request.user, found)
    messages.success(request, _("%(count)d submissions have a new spot.") % {"count": count})
    return redirect("panel:detail", found.slug)
