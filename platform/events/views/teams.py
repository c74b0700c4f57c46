"""A team's own page, its link, and the board where people and teams find each other."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events import actions, rules
from events.features import Feature
from events.forms import AddressForm, AskForm, SeekerForm, TeamAboutForm, TeamForm
from events.models import Event, JoinRequest, Team
from events.views import fetch, fetch_own_team
from theme.refusal import Refused


@login_required
def team(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    mine = Team.objects.of(request.user).filter(event=found).first()
    if mine is not None:
        return _own(request, found, mine)
    if not rules.is_registered(request.user, found):
        messages.info(request, _("Register first, then make or join a team."))
        return redirect(found)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_team(request.user, found, name=form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Team %(team)s is made.") % {"team": made})
            return redirect(made)
    return render(request, "events/team_new.html", {"event": found, "form": form})


def _own(request: Visit, event: Event, mine: Team) -> HttpResponse:
    leads = rules.is_lead(request.user, mine)
    form = TeamAboutForm(request.POST or None, instance=mine) if leads else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            actions.change_team(request.user, mine, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(mine)
    context = {
        "event": event,
        "team": mine,
        "form": form,
        "leads": leads,
        "seats": mine.memberships.select_related("user"),
        "requests": mine.requests.select_related("user") if leads else [],
        "address": AddressForm(),
        "invite": request.build_absolute_uri(
            reverse("events:join", args=[event.slug, mine.invite_code])
        ),
    }
    return render(request, "events/team.html", context)


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
    registered = rules.is_registered(request.user, found)
    context = {"event": found, "team": team, "code": code, "registered": registered}
    return render(request, "events/join.html", context)


@login_required
@require_POST
def leave(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    mine = fetch_own_team(request, found)
    actions.leave_team(request.user, mine)
    messages.success(request, _("You left team %(team)s.") % {"team": mine})
    return redirect("events:team", event=found.slug)


@login_required
@require_POST
def invite(request: Visit, event: str) -> HttpResponse:
    mine = fetch_own_team(request, fetch(request, event))
    form = AddressForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Write a whole e-mail address."), code="team.address")
    actions.invite_to_team(request.user, mine, email=form.cleaned_data["email"])
    messages.success(request, _("The link is on its way."))
    return redirect(mine)


@login_required
@require_POST
def renew(request: Visit, event: str) -> HttpResponse:
    mine = fetch_own_team(request, fetch(request, event))
    actions.renew_link(request.user, mine)
    messages.success(request, _("The old link joins nobody any more; this is the new one."))
    return redirect(mine)


@login_required
@require_POST
def member(request: Visit, event: str, member: int, what: str) -> HttpResponse:
    """Hands the lead over to a member, or removes one."""
    mine = fetch_own_team(request, fetch(request, event))
    person = get_object_or_404(mine.members, pk=member)
    if what == "lead":
        actions.hand_over(request.user, mine, to=person)
    else:
        actions.remove_member(request.user, mine, member=person)
    messages.success(request, _("Done."))
    return redirect(mine)


@login_required
@require_POST
def answer(request: Visit, event: str, asked: int) -> HttpResponse:
    mine = fetch_own_team(request, fetch(request, event))
    pending = get_object_or_404(JoinRequest, team=mine, pk=asked)
    actions.answer_request(request.user, pending, accept=request.POST.get("answer") == "yes")
    messages.success(request, _("Answered."))
    return redirect(mine)


def fetch_board(request: Visit, slug: str) -> Event:
    """For those who take part, where there is a board."""
    found = fetch(request, slug)
    takes_part = rules.is_registered(request.user, found) or rules.can_run(request.user, found)
    if not (found.has(Feature.BOARD) and takes_part):
        raise Http404
    return found


@login_required
def board(request: Visit, event: str) -> HttpResponse:
    found = fetch_board(request, event)
    mine = found.seekers.filter(user_id=request.user.pk).first()
    form = SeekerForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        actions.seek_team(request.user, found, **form.cleaned_data)
        messages.success(request, _("You are on the board."))
        return redirect("events:board", event=found.slug)
    context = {
        "event": found,
        "form": form,
        "mine": mine,
        "has_team": rules.has_team(request.user, found),
        "seekers": found.seekers.select_related("user")[:200],
        "teams": found.teams.filter(recruiting=True).prefetch_related("memberships")[:200],
        "ask": AskForm(),
        "asked": {r.team_id for r in request.user.join_requests.filter(team__event=found)},
    }
    return render(request, "events/board.html", context)


@login_required
@require_POST
def stop_seeking(request: Visit, event: str) -> HttpResponse:
    found = fetch_board(request, event)
    actions.stop_seeking(request.user, found)
    return redirect("events:board", event=found.slug)


@login_required
@require_POST
def ask(request: Visit, event: str, team: str) -> HttpResponse:
    found = fetch_board(request, event)
    wanted = get_object_or_404(found.teams.filter(recruiting=True), pk=team)
    form = AskForm(request.POST)
    message = form.cleaned_data["message"] if form.is_valid() else ""
    actions.ask_to_join(request.user, wanted, message=message)
    messages.success(request, _("The team was asked; you get a mail with its answer."))
    return redirect("events:board", event=found.slug)
