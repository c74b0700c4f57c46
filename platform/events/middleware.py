"""An event may ask its organizers and judges for a second factor."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.requests import Visit
from events.rules import lacks_second_factor

Handler = Callable[[HttpRequest], HttpResponse]

# What an event shows to everybody says nothing that only a judge may know.
FOR_EVERYBODY = {"events:detail", "events:page", "events:conduct", "events:logo", "events:look"}


class SecondFactor:
    """Whoever lacks the factor that their role needs gets one page, which says how to get it, for
    every other address of the event, whatever room it is in and whatever the method."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Visit, _view: Any, _arguments: Any, named: dict[str, Any]
    ) -> HttpResponse | None:
        match, slug = request.resolver_match, named.get("event")
        if slug is None or match is None or match.view_name in FOR_EVERYBODY:
            return None
        if not lacks_second_factor(request.user, slug):
            return None
        return render(request, "events/second_factor.html", status=403)
