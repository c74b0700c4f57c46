"""What a visitor does at a board. Each is a form of its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from submissions.programme.actions import hall as actions
from submissions.programme.actions import questions
from submissions.programme.models import Poster
from submissions.programme.views.fetching import poster_seen
from submissions.programme.views.questions import told_of, typed_again
from theme.refusal import Refused


@login_required
@require_POST
def here(request: Visit, event: str, poster: object) -> HttpResponse:
    """A sign of presence, every half minute while the page is open."""
    actions.be_there(request.user, poster_seen(request, event, poster))
    return HttpResponse(status=204)


@login_required
@require_POST
def ask(request: Visit, event: str, poster: object) -> HttpResponse:
    found = poster_seen(request, event, poster)
    text = request.POST.get("text", "")
    try:
        asked = questions.ask(
            request.user,
            found,
            text=text,
            private=request.POST.get("private") == "1",
            nameless=request.POST.get("nameless") == "1",
        )
    except Refused as refused:
        return typed_again(request, found, text, refused)
    messages.success(request, told_of(asked))
    return redirect(f"{found.get_absolute_url()}#question-{asked.pk}")


@login_required
@require_POST
def say(request: Visit, event: str, poster: object) -> HttpResponse:
    found = poster_seen(request, event, poster)
    text = request.POST.get("text", "")
    try:
        actions.say(request.user, found, text=text)
    except Refused as refused:
        return typed_again(request, found, text, refused)
    return redirect(f"{found.get_absolute_url()}#conversation")


@login_required
@require_POST
def hide(request: Visit, event: str, poster: object, remark: int) -> HttpResponse:
    found = poster_seen(request, event, poster)
    actions.hide_remark(request.user, get_object_or_404(found.remarks, pk=remark))
    return redirect(f"{found.get_absolute_url()}#conversation")


@login_required
@require_POST
def card(request: Visit, event: str, poster: object) -> HttpResponse:
    found = poster_seen(request, event, poster)
    actions.leave_card(request.user, found, note=request.POST.get("note", ""))
    messages.success(request, _("Your card is with the authors."))
    return redirect(found)


@login_required
@require_POST
def star(request: Visit, event: str, poster: object) -> HttpResponse:
    found = poster_seen(request, event, poster)
    on = request.POST.get("on") == "1"
    actions.star(request.user, found, on=on)
    if request.htmx:
        context = {"event": found.event, "poster": found, "starred": on}
        return render(request, "programme/_star.html", context)
    return redirect(found)


@login_required
@require_POST
def vote(request: Visit, event: str, poster: object) -> HttpResponse:
    found: Poster = poster_seen(request, event, poster)
    actions.vote(request.user, found)
    messages.success(
        request,
        _("Your voice for the best poster in “%(category)s” is this one.")
        % {"category": found.track},
    )
    return redirect(found)


@login_required
@require_POST
def present(request: Visit, event: str, poster: object) -> HttpResponse:
    found = poster_seen(request, event, poster)
    on = request.POST.get("here") == "1"
    actions.present(request.user, found, here=on)
    messages.success(
        request,
        _("Visitors see that you are at the board, for an hour.")
        if on
        else _("You have left the board."),
    )
    return redirect(found)
