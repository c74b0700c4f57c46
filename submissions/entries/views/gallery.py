import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from events.rules import can_run
from events.views import fetch, fetch_run
from submissions.entries import gallery, votes
from submissions.entries.blindness import nameless
from submissions.entries.forms import GalleryForm
from submissions.entries.models import Gallery, Submission, Tool
from submissions.entries.reading import words
from submissions.entries.searching import search
from theme.refusal import Refused

A_PAGE = 24


def show(request: Visit, event: str) -> HttpResponse:
    """What everybody may see of an event, in an order that is fair to all."""
    found = fetch(request, event)
    shown = gallery.shown(found)
    chosen = _asked(request, found, shown)
    page = Paginator(_ordered(request, found, chosen), A_PAGE).get_page(request.GET.get("page"))
    counted = votes.published(found)
    unnamed = nameless(request.user, page)
    context = {
        "event": found,
        "page_obj": page,
        "tracks": found.tracks.all(),
        "tools": _tools(shown),
        "asked": request.GET,
        "opens_at": Gallery.objects.filter(event=found).values_list("opens_at", flat=True).first(),
        "runs": can_run(request.user, found),
        "cards": [
            {
                "one": one,
                "tools": words(one.built_with)[:5],
                "votes": counted.get(one.pk),
                "byline": "" if one.pk in unnamed else one.byline,
            }
            for one in page
        ],
    }
    return render(request, "entries/gallery.html", context)


def _asked(request: Visit, event: Event, shown: Any) -> Any:
    chosen = search(shown, request.GET.get("q", ""))
    if track := request.GET.get("track"):
        asked = event.tracks.filter(slug=track[:80].replace("\x00", ""))
        chosen = chosen.in_tracks(asked)
    if tool := request.GET.get("tool"):
        chosen = chosen.filter(tools__slug=tool[:60].replace("\x00", ""))
    return chosen.with_categories().select_related("team", "event").prefetch_related("authors")


def _ordered(request: Visit, event: Event, chosen: Any) -> list[Submission]:
    """Before the results shuffled for each visitor; after them by name."""
    if event.results_at:
        return list(chosen.order_by("track__position", "title"))
    if "gallery" not in request.session:
        request.session["gallery"] = secrets.token_hex(8)
    return gallery.shuffled(chosen, request.session["gallery"])


def _tools(shown: Any) -> Any:
    named = Tool.objects.filter(submission__in=shown.values("pk")).values("slug")
    return named.annotate(count=Count("pk")).order_by("-count", "slug")[:20]


def picture(request: Visit, event: str, pk: object) -> HttpResponse:
    """The image that other sites show beside a link to a project."""
    shown = Submission.objects.public().select_related("event", "track", "entry_type", "team")
    one = get_object_or_404(shown, event__slug=event, pk=pk)
    below = " · ".join(map(str, one.categories)) or str(one.entry_type)
    png = gallery.picture(one.title, below, one.event.name)
    answer = HttpResponse(png, content_type="image/png")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@login_required
def settings(request: Visit, event: str) -> HttpResponse:
    """When the gallery opens, and whether visitors vote; the count, for organizers."""
    found = fetch_run(request, event)
    with timezone.override(found.zone):
        stored = Gallery.objects.filter(event=found).first()
        form = GalleryForm(request.POST or None, instance=stored)
        if request.method == "POST" and form.is_valid():
            gallery.set_gallery(request.user, found, **form.cleaned_data)
            messages.success(request, _("The gallery is set."))
            return redirect("entries:gallery", event=found.slug)
        counted = found.submissions.annotate(count=Count("votes")).filter(count__gt=0)
        context = {"event": found, "form": form, "counted": counted.order_by("-count", "title")}
        return render(request, "entries/gallery_settings.html", context)


@login_required
@require_POST
def vote(request: Visit, event: str, pk: object) -> HttpResponse:
    """The visitor's one vote, given to this, or taken back."""
    shown = Submission.objects.public().select_related("event", "entry_type")
    submission = get_object_or_404(shown, event__slug=event, pk=pk)
    if not votes.is_voting(submission.event):
        raise Http404
    try:
        if "take_back" in request.POST:
            votes.take_back(request.user, submission.event)
            messages.success(request, _("Your vote is taken back."))
        else:
            votes.vote(request.user, submission)
            messages.success(request, _("Your vote counts for this one."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(submission)
