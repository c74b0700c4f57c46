"""The page of who presents: everything that is theirs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.forms import formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from submissions.programme import rules
from submissions.programme.actions import hall, presenters, uploads
from submissions.programme.clock import wall
from submissions.programme.forms import NeedsForm, OwnPosterForm, TimesForm, UploadForm
from submissions.programme.marks import marks_for
from submissions.programme.models import (
    Availability,
    Board,
    Contributor,
    Poster,
    Presenter,
    Question,
    Slot,
)
from submissions.programme.views.fetching import event_seen, own_part
from theme.refusal import Refused

Times = formset_factory(TimesForm, extra=3, max_num=30, absolute_max=30)


def _presenting(request: Visit, slug: str) -> Event:
    found = event_seen(request, slug)
    if not rules.presents(request.user, found):
        raise Http404
    return found


def _parts(request: Visit, event: Event) -> list[Contributor]:
    mine = Contributor.objects.of(request.user).select_related(
        "session__event", "poster__event", "session__slides", "poster__sheet", "poster__track"
    )
    mine = mine.annotate(asked=_asked(*Question.SHOWN), unanswered=_asked(Question.State.OPEN))
    return [p for p in mine if getattr(p.session or p.poster, "event_id", None) == event.pk]


def _asked(*states: str) -> Coalesce:
    """How many questions in these states were put to a part's poster or talk."""
    here = Q(poster=OuterRef("poster")) | Q(session=OuterRef("session"))
    put = Question.objects.filter(here, state__in=states).order_by().values("event")
    return Coalesce(Subquery(put.annotate(n=Count("pk")).values("n")), 0)


def _page(request: Visit, event: Event, **forms: Any) -> HttpResponse:
    user, programme = request.user, rules.programme_of(event)
    told = Presenter.objects.filter(event=event, user=user).first()
    parts = _parts(request, event)
    slots = {}
    for part in parts:
        if part.session:
            slots[part.pk] = part.session.slots.current().select_related("room").first()
    context = {
        "event": event,
        "programme": programme,
        "parts": [(p, slots.get(p.pk), _poster_form(p), _hangs(p)) for p in parts],
        "needs": NeedsForm(instance=told),
        "times": Times(initial=_told_times(request, event), form_kwargs={"event": event}),
        "upload": UploadForm(),
        "may_upload": rules.may_upload(programme),
        "marks": marks_for(event, parts) if programme.feedback_released_at else [],
        "refused_part": None,
    }
    status = 422 if forms else 200
    return render(request, "programme/speaking.html", context | forms, status=status)


def _poster_form(part: Contributor) -> OwnPosterForm | None:
    return OwnPosterForm(instance=part.poster, prefix=f"p{part.pk}") if part.poster else None


def _hangs(part: Contributor) -> list[tuple[Board, Slot | None]]:
    """The boards of a poster, and when people stand before them."""
    if part.poster is None:
        return []
    boards = part.poster.boards.select_related("session")
    current = Slot.objects.current().select_related("room")
    return [(board, current.filter(session=board.session_id).first()) for board in boards]


def _told_times(request: Visit, event: Event) -> list[dict[str, object]]:
    told = Availability.objects.filter(event=event, user=request.user)
    return [
        {"starts_at": wall(event, a.starts_at), "ends_at": wall(event, a.ends_at)} for a in told
    ]


@login_required
def speaking(request: Visit, event: str) -> HttpResponse:
    return _page(request, _presenting(request, event))


@login_required
@require_POST
def needs(request: Visit, event: str) -> HttpResponse:
    found = _presenting(request, event)
    form = NeedsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, needs=form)
    presenters.tell_needs(request.user, found, **form.cleaned_data)
    messages.success(request, _("The organizers know."))
    return redirect("programme:speaking", event=found.slug)


@login_required
@require_POST
def times(request: Visit, event: str) -> HttpResponse:
    found = _presenting(request, event)
    rows = Times(request.POST, form_kwargs={"event": found})
    if not rows.is_valid():
        return _page(request, found, times=rows)
    windows = [
        (row["starts_at"], row["ends_at"]) for row in rows.cleaned_data if row.get("starts_at")
    ]
    presenters.tell_availability(request.user, found, windows=windows)
    messages.success(request, _("Your times are stored; the schedule is checked against them."))
    return redirect("programme:speaking", event=found.slug)


@login_required
@require_POST
def confirm(request: Visit, event: str, part: int) -> HttpResponse:
    found = own_part(request, event, part)
    presenters.confirm(request.user, found)
    messages.success(request, _("Thank you: you are confirmed."))
    return redirect("programme:speaking", event=event)


@login_required
@require_POST
def withdraw(request: Visit, event: str, part: int) -> HttpResponse:
    found = own_part(request, event, part)
    presenters.withdraw(request.user, found)
    messages.success(request, _("You have withdrawn; the organizers get a mail."))
    return redirect("programme:speaking", event=event)


@login_required
@require_POST
def upload(request: Visit, event: str, part: int) -> HttpResponse:
    found = own_part(request, event, part)
    thing = found.session or found.poster
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid() and thing is not None:
        file = form.cleaned_data["file"]
        try:
            made = uploads.upload(request.user, thing, file=file, name=file.name)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(
                request, _("%(name)s is here; pages: %(n)d.") % {"name": made, "n": made.pages}
            )
            return redirect("programme:speaking", event=event)
    return _page(request, thing.event, upload=form, refused_part=found.pk)  # type: ignore[union-attr]


@login_required
@require_POST
def poster(request: Visit, event: str, part: int) -> HttpResponse:
    found = own_part(request, event, part)
    if found.poster is None:
        raise Http404
    form = OwnPosterForm(
        request.POST, instance=Poster.objects.get(pk=found.poster.pk), prefix=f"p{found.pk}"
    )
    if not form.is_valid():
        parts = [
            (p, None, form if p.pk == found.pk else _poster_form(p))
            for p in _parts(request, found.poster.event)
        ]
        return _page(request, found.poster.event, parts=parts)
    hall.save_poster(request.user, found.poster.event, poster=found.poster, **form.cleaned_data)
    messages.success(request, _("Your poster is changed."))
    return redirect("programme:speaking", event=event)
