"""What everybody sees of an event."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import Visit
from events import rules
from events.models import Event, Registration, Team
from events.views import fetch


def event_list(request: Visit) -> HttpResponse:
    events = Event.objects.visible_to(request.user).prefetch_related("tracks", "phases")
    return render(request, "events/list.html", {"events": events})


def detail(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    about = {"pages": found.pages.all(), "has_conduct": found.conducts.exists()}
    context = {"event": found} | about | standing(request, found)
    return render(request, "events/detail.html", context)


def standing(request: Visit, event: Event) -> dict[str, object]:
    """Where the visitor stands in the event, and so what comes next."""
    registration = Registration.objects.filter(user_id=request.user.pk, event=event).first()
    return {
        "phases": event.phases.all(),
        "open_phases": {phase.kind for phase in event.phases.open()},
        "registration": registration,
        "registered": bool(registration and registration.takes_part),
        "can_register": rules.can_register(request.user, event),
        "team": Team.objects.of(request.user).filter(event=event).first(),
        "judges": rules.is_judge(request.user, event),
    }


def page(request: Visit, event: str, page: str) -> HttpResponse:
    found = fetch(request, event)
    shown = get_object_or_404(found.pages, slug=page)
    return render(request, "events/page.html", {"event": found, "page": shown})


def conduct(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    newest = found.conducts.first()
    if newest is None:
        raise Http404
    return render(request, "events/conduct.html", {"event": found, "conduct": newest})


def logo(request: Visit, event: str) -> FileResponse:
    found = fetch(request, event)
    if not found.logo:
        raise Http404
    return FileResponse(found.logo.open("rb"), content_type="image/png")


def look(request: Visit, event: str) -> HttpResponse:
    """The event's colours as a stylesheet of its own, because pages carry no style themselves."""
    found = fetch(request, event)
    rule = f":root {{ --event: {found.colour}; --on-event: {found.on_colour}; }}"
    return HttpResponse(rule if found.colour and found.on_colour else "", content_type="text/css")
