from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events import actions, rules
from events.console import cards
from events.forms import TeamForm
from events.models import Event, Team
from theme.refusal import Refused


def fetch(request: Visit, slug: str) -> Event:
    """The event, if this visitor may know of it."""
    return get_object_or_404(Event.objects.visible_to(request.user), slug=slug)


def fetch_run(request: Visit, slug: str) -> Event:
    """The event, for those who run it; for everybody else it is as if it did not exist."""
    return get_object_or_404(Event.objects.run_by(request.user), slug=slug)


def event_list(request: Visit) -> HttpResponse:
    events = Event.objects.visible_to(request.user).prefetch_related("tracks", "phases")
    return render(request, "events/list.html", {"events": events})


def detail(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    return render(request, "events/detail.html", {"event": found} | standing(request, found))


def standing(request: Visit, event: Event) -> dict[str, object]:
    """Where the visitor stands in the event, and so what comes next."""
    return {
        "phases": event.phases.all(),
        "open_phases": {phase.kind for phase in event.phases.open()},
        "registered": rules.is_registered(request.user, event),
        "team": Team.objects.of(request.user).filter(event=event).first(),
        "judges": rules.is_judge(request.user, event),
    }


@login_required
@require_POST
def register(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    actions.register(request.user, found)
    messages.success(request, _("You are registered for %(event)s.") % {"event": found})
    return redirect(found)


@login_required
@require_POST
def cancel(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    actions.cancel_registration(request.user, found)
    messages.success(request, _("Your registration is cancelled."))
    return redirect(found)


@login_required
def team(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_team(request.user, found, name=form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Team %(team)s is made.") % {"team": made})
            return redirect(made)
    mine = Team.objects.of(request.user).filter(event=found).first()
    if not mine and not rules.is_registered(request.user, found):
        messages.info(request, _("Register first, then make or join a team."))
        return redirect(found)
    context = {"event": found, "team": mine, "form": form, "invite": _invite(request, mine)}
    return render(request, "events/team.html", context)


def _invite(request: Visit, team: Team | None) -> str:
    if team is None:
        return ""
    return request.build_absolute_uri(
        reverse("events:join", args=[team.event.slug, team.invite_code])
    )


@login_required
def join(request: Visit, event: str, code: str) -> HttpResponse:
    found = fetch(request, event)
    if request.method == "POST":
        try:
            joined = actions.join_team(request.user, found, code=code)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(found)
        messages.success(request, _("You are now in team %(team)s.") % {"team": joined})
        return redirect(joined)
    team = Team.objects.filter(event=found, invite_code=code).first()
    return render(request, "events/join.html", {"event": found, "team": team, "code": code})


@login_required
@require_POST
def leave(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    mine = Team.objects.of(request.user).filter(event=found).first()
    if mine is None:
        raise Http404
    actions.leave_team(request.user, mine)
    messages.success(request, _("You left team %(team)s.") % {"team": mine})
    return redirect("events:team", event=found.slug)


@login_required
def console(request: Visit, event: str) -> HttpResponse:
    """The organizers' home of an event; figures of later rooms come in by URL."""
    found = fetch_run(request, event)
    numbers = {
        "people": found.registrations.active().count(),
        "teams": found.teams.count(),
    }
    context = {"event": found, "numbers": numbers, "cards": cards(found)} | standing(request, found)
    return render(request, "events/console.html", context)
