"""What everybody sees of an event."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import Visit
from events.models import Event
from events.presence import presence
from events.views import fetch
from theme.strangers import same_for_strangers


@same_for_strangers
def event_list(request: Visit) -> HttpResponse:
    events = Event.objects.visible_to(request.user).prefetch_related("tracks", "phases")
    return render(request, "events/list.html", {"events": events})


@same_for_strangers
def detail(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    about = {"pages": found.pages.all(), "has_conduct": found.conducts.exists()}
    context = {"event": found} | about | standing(request, found)
    return render(request, "events/detail.html", context)


def standing(request: Visit, event: Event) -> dict[str, object]:
    """Where the visitor stands in the event, and so what comes next."""
    phases = list(event.phases.telling_open())
    return {
        "phases": phases,
        "open_phases": {one.kind for one in phases if one.is_open},  # type: ignore[attr-defined]
        "presence": presence(request, event),
    }


@same_for_strangers
def page(request: Visit, event: str, page: str) -> HttpResponse:
    found = fetch(request, event)
    shown = get_object_or_404(found.pages, slug=page)
    return render(request, "events/page.html", {"event": found, "page": shown})


@same_for_strangers
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
