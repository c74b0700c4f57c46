"""The programme for other programs: calendars, schedule files, pages of posters."""

import json

from django.core.cache import cache
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.requests import Visit
from submissions.programme import feeds, frab, rules, sheets
from submissions.programme.models import Calendar, Document, Session, Star
from submissions.programme.views.fetching import event_seen, poster_seen, session_seen

ICS = "text/calendar; charset=utf-8"
KEPT = 30  # seconds that a public export is kept


def public_calendar(request: Visit, event: str) -> HttpResponse:
    found = event_seen(request, event)
    answer = HttpResponse(feeds.calendar(found), content_type=ICS)
    answer["Content-Disposition"] = f'inline; filename="{found.slug}.ics"'
    return answer


def private_calendar(request: Visit, token: str) -> HttpResponse:
    """What the owner of the address starred and what they present. The address is the key."""
    link = get_object_or_404(
        Calendar.objects.select_related("user", "event"), token=token, user__is_active=True
    )
    keys = Star.objects.filter(user=link.user, session__event=link.event)
    speaking = Session.objects.filter(
        event=link.event, contributors__user=link.user, contributors__withdrawn_at=None
    )
    only = {*keys.values_list("session_id", flat=True), *speaking.values_list("pk", flat=True)}
    body = feeds.calendar(
        link.event,
        only=only,
        links=rules.attends(link.user, link.event),
        name=f"{link.event}: {link.user}",
    )
    return HttpResponse(body, content_type=ICS)


def schedule_json(request: Visit, event: str) -> HttpResponse:
    found = event_seen(request, event)
    body = cache.get_or_set(
        f"programme:json:{found.pk}", lambda: json.dumps(frab.schedule(found)), KEPT
    )
    return HttpResponse(body, content_type="application/json")


def schedule_xml(request: Visit, event: str) -> HttpResponse:
    found = event_seen(request, event)
    body = cache.get_or_set(f"programme:xml:{found.pk}", lambda: frab.xml(found), KEPT)
    return HttpResponse(body, content_type="application/xml")


def page(request: Visit, event: str, poster: object, page: int) -> FileResponse:
    """A page of a poster as we drew it."""
    sheet = _sheet(poster_seen(request, event, poster))
    if not 1 <= page <= sheet.pages:
        raise Http404
    picture = sheets.place(sheet.sha256) / f"page-{page}.webp"
    return FileResponse(picture.open("rb"), content_type="image/webp")


def _sheet(thing: object) -> Document:
    for name in ("sheet", "slides"):
        if found := getattr(thing, name, None):
            return found  # type: ignore[no-any-return]
    raise Http404


def sheet(request: Visit, event: str, poster: object) -> FileResponse:
    """The poster as its authors sent it."""
    return _download(_sheet(poster_seen(request, event, poster)))


def slides(request: Visit, event: str, session: object) -> FileResponse:
    found = session_seen(request, event, session)
    if not rules.attends(request.user, found.event):
        raise Http404
    return _download(_sheet(found))


def _download(found: Document) -> FileResponse:
    """As an attachment, never shown under our own address: the file is somebody else's."""
    original = (sheets.place(found.sha256) / "original").open("rb")
    answer = FileResponse(original, as_attachment=True, filename=found.name)
    answer["Content-Type"] = found.media_type
    return answer
