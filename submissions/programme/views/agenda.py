"""The agenda as attendees see it."""

import zoneinfo
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from submissions.programme import agenda as reading
from submissions.programme import asking, rules
from submissions.programme.actions import calendars, hall
from submissions.programme.clock import zone_of
from submissions.programme.models import Question, Recap, Version
from submissions.programme.views.fetching import event_seen, session_seen
from submissions.programme.views.questions import shown_questions


def zone_for(request: Visit, event: Event) -> zoneinfo.ZoneInfo:
    """The event's, unless a signed-in visitor asks for the own one."""
    if request.GET.get("zone") == "mine" and request.user.is_authenticated:
        return zoneinfo.ZoneInfo(request.user.timezone)
    return zone_of(event)


def _told(
    request: Visit, event: Event, version: Version | None, *, as_released: bool = False
) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("day", "track", "room", "speaker")}
    wish = reading.Wish(**asked, starred=request.GET.get("starred") == "1")
    zone = zone_for(request, event)
    every = reading.items(version, zone, request.user)
    if version is not None and as_released:
        every = reading.as_released(version, every)
    return {
        "event": event,
        "version": version,
        "zone": zone.key,
        "wish": wish,
        "days": reading.by_day(item for item in every if wish.takes(item)),
        "all_days": [day for day, _items in reading.by_day(every)],
        "tracks": event.tracks.all(),
        "rooms": sorted(
            {i.slot.room for i in every if i.slot.room}, key=lambda r: (r.position, r.pk)
        ),
        "speakers": sorted({s.name for i in every for s in i.speakers}, key=str.casefold),
        "every": every,
        "now_and_next": reading.now_and_next(every),
    }


def _just_over(
    request: Visit, event: Event, attends: bool, every: list[reading.Item]
) -> list[reading.Item]:
    return asking.just_over(request.user, event, every) if attends else []


def agenda(request: Visit, event: str) -> HttpResponse:
    found = event_seen(request, event)
    context = _told(request, found, reading.current_version(found))
    context["attends"] = rules.attends(request.user, found)
    context["just_over"] = _just_over(request, found, context["attends"], context["every"])
    context["presents"] = rules.presents(request.user, found)
    context["recap"] = Recap.objects.filter(event=found, published_at__isnull=False).exists()
    return render(request, "programme/agenda.html", context)


def now(request: Visit, event: str) -> HttpResponse:
    """The part of the agenda that is asked for again every half minute."""
    found = event_seen(request, event)
    zone, attends = zone_for(request, found), rules.attends(request.user, found)
    every = reading.items(reading.current_version(found), zone, request.user)
    context = {
        "event": found,
        "now_and_next": reading.now_and_next(every),
        "attends": attends,
        "just_over": _just_over(request, found, attends, every),
    }
    return render(request, "programme/_now.html", context)


@xframe_options_exempt
def embed(request: Visit, event: str) -> HttpResponse:
    """The agenda for a frame on another site: this one address may be framed, and has nobody's
    own facts on it."""
    found = event_seen(request, event)
    version = reading.current_version(found)
    zone = zone_of(found)
    context = {
        "event": found,
        "days": reading.by_day(reading.items(version, zone)),
        "zone": zone.key,
    }
    response = render(request, "programme/embed.html", context)
    sites = rules.programme_of(found).embed_from.split()
    response._csp_replace = {"frame-ancestors": sites or ["*"]}  # type: ignore[attr-defined]
    return response


def versions(request: Visit, event: str) -> HttpResponse:
    found = event_seen(request, event)
    released = Version.objects.released().filter(event=found)
    context = {"event": found, "versions": released.order_by("-number")}
    return render(request, "programme/versions.html", context)


def version(request: Visit, event: str, number: int) -> HttpResponse:
    found = event_seen(request, event)
    chosen = get_object_or_404(Version.objects.released(), event=found, number=number)
    context = _told(request, found, chosen, as_released=True)
    context["old"] = chosen != reading.current_version(found)
    return render(request, "programme/version.html", context)


def session(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_seen(request, event, session)
    slot = found.slots.current().select_related("room").first()
    attends = rules.attends(request.user, found.event)
    context = {
        "event": found.event,
        "session": found,
        "slot": slot,
        "speakers": found.contributors.active().select_related("user"),
        "slides": getattr(found, "slides", None) if attends else None,
        "boards": found.boards.select_related("poster__track"),
        "attends": attends,
        "starred": request.user.is_authenticated and found.stars.filter(user=request.user).exists(),
        "begun": rules.has_begun(found),
        "waits": rules.programme_of(found.event).moderated,
        "longest": Question.LONGEST,
    }
    context |= shown_questions(request, found) if found.is_spoken else {}
    return render(request, "programme/session.html", context)


@login_required
@require_POST
def star(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_seen(request, event, session)
    on = request.POST.get("on") == "1"
    hall.star(request.user, found, on=on)
    if request.htmx:
        context = {"event": found.event, "session": found, "starred": on}
        return render(request, "programme/_star.html", context)
    return redirect(found)


@login_required
def mine(request: Visit, event: str) -> HttpResponse:
    """What this visitor starred, and the private address of the calendar with it."""
    found = event_seen(request, event)
    if not rules.is_released(found):
        raise Http404
    every = reading.items(reading.current_version(found), zone_for(request, found), request.user)
    context = {
        "event": found,
        "zone": zone_for(request, found).key,
        "days": reading.by_day(item for item in every if item.starred),
        "posters": found.posters.filter(stars__user=request.user).select_related("track"),
        "feed": request.build_absolute_uri(calendars.address_of(request.user, found)),
    }
    return render(request, "programme/mine.html", context)


@login_required
@require_POST
def renew(request: Visit, event: str) -> HttpResponse:
    found = event_seen(request, event)
    calendars.renew(request.user, found)
    messages.success(request, _("Your calendar has a new address; the old one is gone."))
    return redirect("programme:mine", event=found.slug)
