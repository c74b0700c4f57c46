"""The poster hall: the floor, a board, a guided walk."""

import time
from typing import Any

from csp.decorators import csp_update
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.requests import Visit
from events.models import Event
from submissions.entries.links import PLAYERS
from submissions.programme import floor, rules, sheets
from submissions.programme.models import Poster, Programme, Question, Session, Star
from submissions.programme.views.fetching import hall_seen, poster_seen, run
from submissions.programme.views.questions import shown_questions
from submissions.programme.voting import tally

PER_PAGE = 60
BEAT = 60  # seconds: how long a board's live part may stay as it is though somebody has left


def _session(event: Event, asked: str) -> Session | None:
    sessions = event.sessions.filter(kind=Session.Kind.POSTERS)
    return next((s for s in sessions if str(s.pk) == asked), None)


def hall(request: Visit, event: str) -> HttpResponse:
    found = hall_seen(request, event)
    asked = {name: request.GET.get(name, "") for name in ("session", "category", "words", "order")}
    boards = list(
        floor.boards_of(
            found,
            session=_session(found, asked["session"]),
            category=asked["category"],
            words=asked["words"][:100],
        )
    )
    if not asked["session"]:  # what hangs in several sessions is one poster
        boards = list({board.poster_id: board for board in reversed(boards)}.values())[::-1]
    if asked["order"] != "number":
        boards = floor.shuffled(boards, floor.seed_of(request.user, found))
    page = Paginator(boards, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": found,
        "asked": asked,
        "page": page,
        "groups": floor.by_category(list(page.object_list)),
        "total": len(boards),
        "tracks": found.tracks.all(),
        "sessions": found.sessions.filter(kind=Session.Kind.POSTERS),
        "crowds": floor.crowds(found),
        "starred": _starred(request, found),
        "vote_open": rules.is_vote_open(rules.programme_of(found)),
    }
    return render(request, "programme/hall.html", context)


def _starred(request: Visit, event: Event) -> set[object]:
    mine = Star.objects.filter(user_id=request.user.pk, poster__event=event)
    return {*mine.values_list("poster_id", flat=True)} if request.user.is_authenticated else set()


def hall_live(request: Visit, event: str) -> HttpResponse:
    """Where somebody stands now; asked for again every twenty seconds."""
    found = hall_seen(request, event)
    return render(
        request, "programme/_crowds.html", {"event": found, "crowds": floor.crowds(found)}
    )


@csp_update({"frame-src": list(PLAYERS)})  # type: ignore[arg-type]  # its stub knows no arguments
def watch(request: Visit, event: str, poster: object) -> HttpResponse:
    """The short video, on a page of its own that lets the provider's player in when asked."""
    found = poster_seen(request, event, poster)
    if found.video is None:
        raise Http404
    return render(request, "programme/watch.html", {"event": found.event, "poster": found})


def poster(request: Visit, event: str, poster: object) -> HttpResponse:
    found = poster_seen(request, event, poster, marked=True)
    sheet = getattr(found, "sheet", None)
    programme = getattr(found.event, "programme", None) or Programme(event=found.event)
    authors = list(found.contributors.active().select_related("user"))
    asked = request.user.is_authenticated and any(a.user_id == request.user.pk for a in authors)
    context = {
        "event": found.event,
        "poster": found,
        "authors": authors,
        "boards": found.boards.select_related("session"),
        "sheet": sheet,
        "pages": sheets.contents(sheet.sha256) if sheet else [],
        "walk": floor.walk_of(found.event, request.user, request.GET.dict()),
        "starred": found.starred,  # type: ignore[attr-defined]
        "voted": found.voted,  # type: ignore[attr-defined]
        "vote_open": rules.is_vote_open(programme),
        "cards": found.cards.select_related("user") if asked else [],  # for the authors alone
        "card": None if asked else found.cards.filter(user_id=request.user.pk).first(),
        "longest": Question.LONGEST,
    }
    return render(request, "programme/poster.html", context | _living(request, found, asked=asked))


def _living(request: Visit, found: Poster, *, asked: bool | None = None) -> dict[str, Any]:
    return shown_questions(request, found, asked=asked) | {
        "thing": found,
        "poster": found,
        "event": found.event,
        "state": state_of(found, request),
        "there": floor.who_is_there(found),
        "remarks": found.remarks.filter(hidden=False).select_related("author")[:40],
        "attends": request.user.is_authenticated,  # who sees a poster is in its hall
    }


def state_of(found: Poster, request: Visit) -> str:
    """Changes when the live part may look different; the reader's key, because readers differ."""
    return f"{found.revision}-{int(time.time()) // BEAT}-{request.user.pk or 0}"


def poster_live(request: Visit, event: str, poster: object) -> HttpResponse:
    """Questions, conversation and who is there. A reader who has the state already gets no body:
    304, or 204 for htmx, which would put a 304's empty body in the place of the list."""
    found = poster_seen(request, event, poster)
    state = state_of(found, request)
    if request.headers.get("If-None-Match", "").strip('"') == state:
        answer = HttpResponse(status=204 if request.htmx else 304)
    else:
        answer = render(request, "programme/_board.html", _living(request, found))
    answer["ETag"] = f'"{state}"'
    return answer


def walk(request: Visit, event: str) -> HttpResponse:
    """Begins a walk, or shows where it is: one board every few minutes in a category."""
    found = hall_seen(request, event)
    asked = request.GET.dict()
    if "minutes" in asked and "began" not in asked:
        asked["began"] = str(int(time.time()))
        walked = floor.walk_of(found, request.user, asked)
        return redirect(f"{request.path}?{walked.query}" if walked else request.path)
    context = {
        "event": found,
        "walk": floor.walk_of(found, request.user, asked),
        "tracks": found.tracks.all(),
        "usual": floor.DEFAULT_MINUTES,
    }
    return render(request, "programme/walk.html", context)


def walk_step(request: Visit, event: str) -> HttpResponse:
    """Asked by a board's page during a walk: on to the next one when it is time, else nothing."""
    found = hall_seen(request, event)
    walked = floor.walk_of(found, request.user, request.GET.dict())
    answer = HttpResponse(status=204)
    if walked is None or request.GET.get("at") == str(getattr(walked.here, "poster_id", "")):
        return answer
    if walked.here is None:
        address = reverse("programme:walk", args=[found.slug])
    else:
        address = walked.here.poster.get_absolute_url()
    answer["HX-Redirect"] = f"{address}?{walked.query}"
    return answer


def votes(request: Visit, event: str) -> HttpResponse:
    """The organizers' count of the best-poster vote."""
    found = run(request, event)
    counted, programme = tally(found), rules.programme_of(found)
    vote_open = rules.is_vote_open(programme)
    context = {
        "event": found,
        "tally": counted,
        "programme": programme,
        "vote_open": vote_open,
        "may_award": not vote_open and any(counted.values()),
    }
    return render(request, "programme/votes.html", context)
