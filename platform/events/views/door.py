"""The door: scan a ticket, type its code, or find the person by name; made for a phone."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.requests import Visit
from events import actions, people, rules
from events.models import Event, Registration
from events.people import Wanted
from events.views import fetch
from theme.refusal import Refused


def fetch_door(request: Visit, slug: str) -> Event:
    found = fetch(request, slug)
    if not rules.can_check_in(request.user, found):
        raise Http404
    return found


@login_required
def door(request: Visit, event: str) -> HttpResponse:
    found = fetch_door(request, event)
    words = Wanted.of(request.GET).words
    context = {"event": found, "words": words, "hits": _hits(found, words)}
    if request.htmx:
        return render(request, "events/_hits.html", context)
    context |= _inside(found)
    latest = found.registrations.filter(state=Registration.State.CHECKED_IN)
    context["latest"] = latest.select_related("user", "checked_in_by").order_by("-checked_in_at")[
        :5
    ]
    return render(request, "events/door.html", context)


def _inside(event: Event) -> dict[str, int]:
    counts = people.counts(event)
    inside, coming = counts["checked_in"], counts["confirmed"]
    return {"inside": inside, "expected": inside + coming}


def _hits(event: Event, words: str) -> list[Registration]:
    """Ten people whose name or address has these words in it."""
    if len(words) < 2:
        return []
    found = people.find(event, Wanted(words=words)).exclude(state__in=Registration.OVER)
    return list(found[:10])


@login_required
@require_POST
def check_in(request: Visit, event: str) -> HttpResponse:
    """The answer is large and has a colour: let in, let in before (when, by whom), or why not."""
    found = fetch_door(request, event)
    ticket = request.POST.get("ticket", "").strip().rpartition("/")[2][:64]
    context: dict[str, object] = {"event": found}
    try:
        one, now = actions.check_in(request.user, found, ticket=ticket)
        context |= {"one": one, "now": now}
    except Refused as refused:
        context["refused"] = str(refused)
    if not request.htmx:
        return render(request, "events/checked.html", context)
    answer = render(request, "events/_checked.html", context | _inside(found))
    return trigger_client_event(answer, "checked")  # what was found is asked for anew


@login_required
@require_POST
def undo(request: Visit, event: str, registration: int) -> HttpResponse:
    found = fetch_door(request, event)
    one = get_object_or_404(found.registrations, pk=registration)
    actions.undo_check_in(request.user, one)
    return redirect("events:door", event=found.slug)
