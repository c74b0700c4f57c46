from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import MD5
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event, Track
from events.views import fetch, fetch_run
from judging.awards import actions, rules
from judging.awards.forms import AwardForm, PublishForm
from judging.awards.models import Award, Publication
from judging.awards.more_reviews import ask_for_reviews
from judging.awards.plot import axis, place_on
from judging.awards.standings import Standing, standings
from judging.ballots.desk import progress
from judging.ballots.models import Ballot
from judging.ballots.rules import is_judging_open
from judging.panel.models import Assignment
from submissions.entries.models import Submission
from theme.refusal import Refused


@login_required
def ranking(request: Visit, event: str) -> HttpResponse:
    return _page(request, fetch_run(request, event))


def _page(request: Visit, event: Event, **forms: Any) -> HttpResponse:
    """The ranking, with the form that was refused instead of a fresh one."""
    if not rules.can_see_ranking(request.user, event):
        return render(request, "awards/independent.html", {"event": event})
    found = standings(event)
    submitted, given = progress(event)
    refused = forms.get("award_form")
    awards = list(Award.objects.filter(event=event).select_related("submission", "track"))
    hidden = {t.pk for t, _rows in found.tracks if rules.has_interest(request.user, t)}
    sent = _sent(event)
    context = {
        "event": event,
        "tracks": [
            _section(event, track, rows, awards, refused)
            | {
                "close": [c for c in found.close if c.one.track_id == track.pk],
                "sent": sent[track.pk],
            }
            for track, rows in found.tracks
            if track.pk not in hidden
        ],
        "hidden": [track for track, _rows in found.tracks if track.pk in hidden],
        "adaptive": bool(sent),
        # What a judge's scores say of the others' work would tell about a hidden track too.
        "judges": [] if hidden else found.judges,
        "submitted": submitted,
        "given": given,
        "open": is_judging_open(event),
        "publication": Publication.objects.filter(event=event).first(),
        "missing": actions.missing_places(event),
        "can_publish": rules.can_publish(request.user, event),
        "publish_form": PublishForm(),
    }
    return render(request, "awards/ranking.html", context | forms)


def _sent(event: Event) -> dict[int, list[Assignment]]:
    """By track, what judges were sent because of how the ranking stood."""
    by_track: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in Assignment.objects.of(event).active().adaptive().order_by("-pk"):
        by_track[assignment.submission.track_id].append(assignment)
    return by_track


def _section(
    event: Event,
    track: Track,
    rows: Sequence[Standing],
    awards: Sequence[Award],
    refused: AwardForm | None,
) -> dict[str, Any]:
    """One track: its rows with what to draw, its places, its form."""
    limits = axis(rows)
    form = AwardForm(event=event, track=track, auto_id=f"award_{track.pk}_%s")
    if refused is not None and refused.data.get("track") == str(track.pk):
        form = refused
    given = {award.submission_id: award for award in awards if award.track_id == track.pk}
    return {
        "track": track,
        "rows": [(row, place_on(limits, row), given.get(row.submission.pk)) for row in rows],
        "limits": limits,
        "form": form,
    }


@login_required
@require_POST
def propose(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    made = actions.propose_from_ranking(request.user, found)
    messages.success(request, _("%(count)d places filled from the ranking.") % {"count": len(made)})
    return redirect("awards:ranking", found.slug)


@login_required
@require_POST
def award(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    track = request.POST.get("track", "")
    form = AwardForm(request.POST, event=found, auto_id=f"award_{track}_%s")
    if form.is_valid():
        told = dict(form.cleaned_data)
        try:
            made = actions.set_award(request.user, told.pop("track"), **told)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Decided: %(award)s.") % {"award": made})
            return redirect("awards:ranking", found.slug)
    return _page(request, found, award_form=form)


@login_required
@require_POST
def ask(request: Visit, event: str) -> HttpResponse:
    """More reviews for two neighbours that cannot be told apart."""
    found = fetch_run(request, event)
    asked = {name: request.POST.get(name, "") for name in ("track", "one", "other")}
    close = {name: text.replace("\x00", "") for name, text in asked.items()}
    made = ask_for_reviews(request.user, found, **close)
    told = ngettext("%(count)d review is asked for.", "%(count)d reviews are asked for.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect("awards:ranking", found.slug)


@login_required
@require_POST
def publish(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    form = PublishForm(request.POST)
    form.is_valid()
    try:
        actions.publish(request.user, found, confirmed=form.cleaned_data.get("confirmed", False))
    except Refused as refused:
        form.add_error("confirmed", str(refused))
        return _page(request, found, publish_form=form)
    messages.success(request, _("The results are public."))
    return redirect("awards:results", found.slug)


@login_required
@require_POST
def unpublish(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    actions.unpublish(request.user, found)
    messages.success(request, _("The results are taken back; nobody but you sees them now."))
    return redirect("awards:ranking", found.slug)


def results(request: Visit, event: str) -> HttpResponse:
    """First, second and third of each category; before publication a rehearsal for the owner."""
    found = fetch(request, event)
    if not rules.can_see_results(request.user, found):
        raise Http404
    awards = (
        Award.objects.filter(event=found)
        .select_related("track", "submission__team", "submission__event")
        .order_by("track__position", "track_id", "place")
    )
    by_track: dict[Track, list[Award]] = {}
    for given in awards:
        by_track.setdefault(given.track, []).append(given)
    context = {
        "event": found,
        "tracks": list(by_track.items()),
        "publication": Publication.objects.filter(event=found).first(),
        "can_read_comments": rules.can_read_comments(request.user, found),
        "adaptive": Assignment.objects.of(found).adaptive().exists(),
    }
    return render(request, "awards/results.html", context)


@login_required
def comments(request: Visit, event: str) -> HttpResponse:
    """What the judges wrote to the authors of the own submissions; judges are not named."""
    found = fetch(request, event)
    if not rules.can_read_comments(request.user, found):
        raise Http404
    own = Submission.objects.own(request.user).submitted().filter(event=found)
    # In random-looking but stable order: not that of the judges.
    told = (
        Ballot.objects.counted()
        .filter(assignment__submission__in=own)
        .exclude(comment="")
        .order_by(MD5("comment"))
        .values_list("assignment__submission_id", "comment")
    )
    by_submission: dict[object, list[str]] = {submission.pk: [] for submission in own}
    for pk, comment in told:
        by_submission[pk].append(comment)
    context = {"event": found, "submissions": [(s, by_submission[s.pk]) for s in own]}
    return render(request, "awards/comments.html", context)
