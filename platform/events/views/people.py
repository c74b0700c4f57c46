"""Organizers and the people of their event: who they are, what is decided, who may do what."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import Visit
from events import actions, figures, people, rules
from events.forms import MoreTimeForm, RoleForm
from events.models import Event, Extension, Registration, Role
from events.people import Wanted
from events.views import fetch_run
from theme import spreadsheet
from theme.refusal import Refused

DECIDED = 3000  # at a time: a few seconds
PRINTED = 1000  # badges or certificates in one file


@login_required
def people_list(request: Visit, event: str) -> HttpResponse:
    found, wanted = fetch_run(request, event), Wanted.of(request.GET)
    rows, older = people.page(found, wanted)
    query = {name: value for name, value in request.GET.items() if name != "before"}
    counts = people.counts(found)
    deciding = any(one.state in Registration.UNDECIDED for one in rows)
    context = {
        "event": found,
        "rows": rows,
        "older": urlencode(query | {"before": older}) if older else "",
        "query": urlencode(query),
        "wanted": wanted,
        "states": [(s.value, s.label, counts[s.value]) for s in Registration.State],
        "total": sum(counts.values()),
        "untold": sum(counts[state] for state in Registration.UNTOLD),
        "undecided": Registration.UNDECIDED,
        "deciding": people.undecided(found, wanted).count() if deciding else 0,
        "tracks": found.tracks.all(),
        "roles": Role.Kind.choices,
    }
    template = "events/_people.html" if request.htmx else "events/people.html"
    return render(request, template, context)


@login_required
def person(request: Visit, event: str, registration: int) -> HttpResponse:
    found = fetch_run(request, event)
    return _person(request, found, registration, MoreTimeForm(event=found))


def _person(request: Visit, found: Event, key: int, form: MoreTimeForm) -> HttpResponse:
    people_of = found.registrations.select_related("user", "track", "invitation", "checked_in_by")
    one = get_object_or_404(people_of, pk=key)
    one.event = found
    extensions = Extension.objects.filter(phase__event=found, user=one.user)
    context = {
        "event": found,
        "one": one,
        "answers": people.answered(one),
        "roles": found.roles.filter(user=one.user).select_related("track"),
        "team": found.teams.filter(members=one.user).first(),
        "undecided": one.state in Registration.UNDECIDED,
        "over": one.state in Registration.OVER,
        "extensions": extensions.select_related("phase"),
        "more_time": form,
    }
    return render(request, "events/person.html", context)


@login_required
@require_POST
def give_time(request: Visit, event: str, registration: int) -> HttpResponse:
    """More time in one phase for this person; by the event's clock."""
    found = fetch_run(request, event)
    one = get_object_or_404(found.registrations.select_related("user"), pk=registration)
    with timezone.override(found.zone):
        form = MoreTimeForm(request.POST, event=found)
        if not form.is_valid():
            return _person(request, found, one.pk, form)
    actions.extend(request.user, to=one.user, **form.cleaned_data)
    messages.success(request, _("%(person)s has more time.") % {"person": one.user})
    return redirect("events:person", event=found.slug, registration=one.pk)


@login_required
@require_POST
def decide(request: Visit, event: str) -> HttpResponse:
    """For the chosen ones of the list."""
    found = fetch_run(request, event)
    changed = actions.decide(
        request.user,
        found,
        registrations=_chosen(request, found),
        verdict=request.POST.get("verdict", ""),
        reason=request.POST.get("reason", "")[:500],
    )
    said = ngettext("%(n)d decision is noted.", "%(n)d decisions are noted.", changed)
    messages.success(request, said % {"n": changed})
    return redirect(request.headers.get("Referer") or found)


def _chosen(request: Visit, event: Event) -> list[int]:
    """Those who were ticked, or everybody undecided in the list as it was filtered and counted."""
    if everybody := request.POST.get("everybody"):
        keys = people.undecided(event, Wanted.of(request.GET)).values_list("pk", flat=True)
        chosen = list(keys[: DECIDED + 1])
        if len(chosen) > DECIDED:
            sentence = _("More than %(most)d people: filter the list, and decide in parts.")
            raise Refused(sentence % {"most": DECIDED}, code="decision.too_many")
        if str(len(chosen)) != everybody:
            raise Refused(_("The list has changed. Look at it again."), code="decision.changed")
        return chosen
    chosen = [int(key) for key in request.POST.getlist("one") if key.isdecimal()]
    if not chosen:
        raise Refused(_("Choose people in the list first."), code="decision.nobody")
    return chosen


@login_required
@require_POST
def tell(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    told = actions.tell_decisions(request.user, found)
    said = ngettext("%(n)d person is told.", "%(n)d people are told.", told)
    messages.success(request, said % {"n": told})
    return redirect("events:people", event=found.slug)


@login_required
@require_POST
def take_place(request: Visit, event: str, registration: int) -> HttpResponse:
    found = fetch_run(request, event)
    one = get_object_or_404(found.registrations.select_related("user"), pk=registration)
    actions.take_place(request.user, one, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("The registration is cancelled, and the person is told."))
    return redirect("events:person", event=found.slug, registration=one.pk)


@login_required
def export(request: Visit, event: str, form: str) -> StreamingHttpResponse:
    """The list as it is filtered, as CSV or JSON, sent while it is read."""
    found = fetch_run(request, event)
    if form not in ("csv", "json"):
        raise Http404
    wanted = Wanted.of(request.GET)
    actions.take_away(request.user, found, what=f"people.{form}", **wanted.told())
    header, rows = people.header(found), people.rows(found, wanted)
    if form == "csv":
        return spreadsheet.download(f"{found.slug}-people.csv", header, rows)
    answer = StreamingHttpResponse(_json(header, rows), content_type="application/json")
    return spreadsheet.as_attachment(answer, f"{found.slug}-people.json")


def _json(header: list[str], rows: Iterator[list[Any]]) -> Iterator[str]:
    import json

    from django.core.serializers.json import DjangoJSONEncoder

    yield "["
    for number, row in enumerate(rows):
        told = dict(zip(header, row, strict=True))
        yield ("," if number else "") + json.dumps(told, cls=DjangoJSONEncoder)
    yield "]"


@login_required
def printed(request: Visit, event: str, what: str) -> HttpResponse:
    """Badges of all who come, certificates of all who came; as the list is filtered."""
    found = fetch_run(request, event)
    if what not in ("badges", "certificates"):
        raise Http404
    rows = people.find(found, Wanted.of(request.GET))
    inside = rows.filter(state=Registration.State.CHECKED_IN)
    coming = rows.filter(state__in=Registration.TAKING_PART)
    chosen = list((inside if what == "certificates" else coming)[: PRINTED + 1])
    if len(chosen) > PRINTED:
        raise Refused(
            _("More than %(most)d people: filter the list, and print in parts.")
            % {"most": PRINTED},
            code="paper.too_large",
        )
    from events import papers  # fpdf takes a third of a second to import: for this view only

    draw = papers.certificates if what == "certificates" else papers.badges
    return papers.answer(draw(found, chosen), f"{what}-{found.slug}.pdf")


@login_required
def statistics(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    tables = {by: count(found) for by, count in figures.TABLES.items()}
    titles = figures.titles()
    context = {
        "event": found,
        "figures": [(by, titles[by], tables[by]) for by in figures.TABLES],
        "countries": len(tables["country"]),
    }
    return render(request, "events/statistics.html", context)


@login_required
def figure(request: Visit, event: str, by: str) -> JsonResponse:
    found = fetch_run(request, event)
    if by not in figures.TABLES:
        raise Http404
    return JsonResponse(figures.item(found, by))


@login_required
def roles(request: Visit, event: str) -> HttpResponse:
    """Who runs the event and helps; a role is given to an account, or by an invitation."""
    found = fetch_run(request, event)
    form = RoleForm(request.POST or None, event=found)
    if request.method == "POST" and form.is_valid():
        try:
            _give(request, found, form.cleaned_data)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            return redirect("events:roles", event=found.slug)
    held = found.roles.select_related("user", "track").order_by("kind", "user__name", "id")
    context = {"event": found, "form": form, "held": held[:500]}
    context["owns"] = rules.can_publish(request.user, found)
    return render(request, "events/roles.html", context)


def _give(request: Visit, event: Event, given: dict[str, Any]) -> None:
    """Without an account a person is invited: the page says the same, so that it tells nobody
    which addresses have accounts (B67)."""
    user = User.objects.filter(email__iexact=given["email"], is_active=True).first()
    kind, track = given["kind"], given["track"]
    if user is None:
        actions.invite(request.user, event, email=given["email"], role=kind, track=track)
    else:
        actions.grant_role(request.user, event, to=user, kind=kind, track=track)
    messages.success(request, _("The role is given, or waits for them in their mail."))


@login_required
@require_POST
def take_role(request: Visit, event: str, role: int) -> HttpResponse:
    found = fetch_run(request, event)
    held = get_object_or_404(found.roles, pk=role)
    actions.take_role(request.user, held)
    messages.success(request, _("The role is taken away."))
    return redirect("events:roles", event=found.slug)


@login_required
def team_list(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    words, before = request.GET.get("q", "").strip()[:80], request.GET.get("after", "")[:80]
    teams = found.teams.order_by("name").prefetch_related("memberships__user")
    if words:
        teams = teams.filter(name__icontains=words)
    if before:
        teams = teams.filter(name__gt=before)
    rows = list(teams[:51])
    after = urlencode({"q": words, "after": rows[49].name}) if len(rows) > 50 else ""
    context = {"event": found, "rows": rows[:50], "after": after, "words": words}
    return render(request, "events/teams.html", context)


@login_required
def team_export(request: Visit, event: str) -> StreamingHttpResponse:
    found = fetch_run(request, event)
    actions.take_away(request.user, found, what="teams.csv")
    teams = found.teams.order_by("name").prefetch_related("memberships__user")
    rows = (
        [team.name, seat.user.name, seat.user.email, "lead" if seat.leads else "member"]
        for team in teams.iterator(chunk_size=500)
        for seat in team.memberships.all()
    )
    return spreadsheet.download(f"{found.slug}-teams.csv", ["team", "name", "email", "seat"], rows)
