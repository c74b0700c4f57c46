"""The organizers' home of an event: now, what needs a decision, numbers, deadlines, every page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import Visit
from events import rules
from events.console import cards, deadlines, decisions, numbers, pages, to_do_before_publishing
from events.views import fetch_run
from events.views.public import standing


@login_required
def console(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    context = {
        "event": found,
        "cards": cards(found),
        "numbers": numbers(found),
        "decisions": decisions(found),
        "deadlines": deadlines(found),
        "pages": pages(found),
        "missing": to_do_before_publishing(found),
        "owns": rules.can_publish(request.user, found),
    }
    return render(request, "events/console.html", context | standing(request, found))
