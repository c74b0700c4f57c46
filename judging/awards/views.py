"""For organizers: the ranking, the decisions on top of it, and publication."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event, Track
from events.views import fetch_run
from judging.awards import actions, confirming, poster_votes, prizes, rules, winners
from judging.awards.confirming import confirmations
from judging.awards.forms import AwardForm, PrizeForm, PublishForm, ReleaseForm
from judging.awards.models import Award, Prize, Publication, Release
from judging.awards.more_reviews import ask_for_reviews
from judging.awards.plot import axis, place_on
from judging.awards.standings import Contest, Standings, standings
from judging.ballots.progress import counts
from judging.ballots.rules import is_judging_open
from judging.ballots.tally import Rivals, contests_of
from judging.panel.actions import freeze as freeze_panel
from judging.panel.models import Assignment, panel_of
from judging.panel.rules import hidden_tracks, is_frozen
from submissions.entries.models import Submission
from theme.refusal import Refused


@login_required
def ranking(request: Visit, event: str) -> HttpResponse:
    return ranking_page(request, fetch_run(request, event))


def ranking_page(request: Visit, event: Event, **forms: Any) -> HttpResponse:
    """The ranking, with the form that was refused instead of a fresh one."""
    if not rules.can_see_ranking(request.user, event):
        return render(request, "awards/independent.html", {"event": event})
    found = standings(event)
    hidden = hidden_tracks(request.user, event)
    context = {
        "event": event,
        "hidden": hidden,
        "tracks": _sections(event, found, hidden, forms.get("award_form")),
        # What a judge's scores say of the others' work would tell about a hidden track too.
        "judges": [] if hidden else found.judges,
        "pointed": [] if hidden else found.pointed,
        "adaptive": Assignment.objects.of(event).active().adaptive().exists(),
        "open": is_judging_open(event),
        "frozen": is_frozen(event),
        **_to_publish(request, event, found),
    }
    return render(request, "awards/ranking.html", context | forms)


def _to_publish(request: Visit, event: Event, found: Standings) -> dict[str, Any]:
    """What still stands between the ranking and its publication."""
    submitted, given = counts(request.user, event)
    needs = panel_of(event).second_organizer
    return {
        "submitted": submitted,
        "given": given,
        "publication": Publication.objects.standing().filter(event=event).first(),
        "earlier": event.publications.exclude(withdrawn_at=None),
        "missing": actions.missing_places(event),
        "prizes": event.prizes.select_related("submission"),
        "release": Release.objects.filter(event=event).first(),
        "needs_second": needs,
        "confirmations": confirmations(event, found.input_hash) if needs else [],
        "can_confirm": rules.can_confirm(request.user, event),
        "can_publish": rules.can_publish(request.user, event),
        "publish_form": PublishForm(),
        "release_form": ReleaseForm(zone=event.timezone),
        "prize_form": PrizeForm(event=event, auto_id="prize_%s"),
    }


def _sections(
    event: Event, found: Standings, hidden: Sequence[Track], refused: AwardForm | None
) -> list[dict[str, Any]]:
    awards, sent = winners.awards_of(event), _sent(event)
    return [
        _section(event, contest, awards, refused)
        | {
            "close": [c for c in found.close if c.rivals == of(contest)],
            "sent": sent[of(contest)],
        }
        for contest in found.contests
        if contest.track.pk not in {one.pk for one in hidden}
    ]


def of(contest: Contest) -> Rivals:
    return contest.track.pk, contest.entry_type.pk


def _sent(event: Event) -> dict[Rivals, list[Assignment]]:
    """By contest, what judges were sent because of how the ranking stood."""
    found: dict[Rivals, list[Assignment]] = defaultdict(list)
    for assignment in Assignment.objects.of(event).active().adaptive().order_by("-pk"):
        for rivals in contests_of(assignment.submission):
            found[rivals].append(assignment)
    return found


def _section(
    event: Event,
    contest: Contest,
    awards: Sequence[Award],
    refused: AwardForm | None,
) -> dict[str, Any]:
    """One contest: its rows with what to draw, its places, its form."""
    rows, track, kind = contest.rows, contest.track, contest.entry_type
    limits, name = axis(rows), f"{track.pk}_{kind.pk}"
    form = AwardForm(event=event, track=track, entry_type=kind, auto_id=f"award_{name}_%s")
    if refused is not None and refused.auto_id == form.auto_id:
        form = refused
    given = {award.submission_id: award for award in awards if award.track_id == track.pk}
    return {
        "track": track,
        "contest": contest,
        "name": name,
        "rows": [(row, place_on(limits, row), given.get(row.submission.pk)) for row in rows],
        "limits": limits,
        "form": form,
    }


@login_required
def why(request: Visit, event: str, pk: object) -> HttpResponse:
    """One submission's place in words that can be shown to a participant who asks."""
    found = fetch_run(request, event)
    submission = get_object_or_404(Submission.objects.submitted(), event=found, pk=pk)
    tracks = submission.categories
    if not tracks or not all(rules.can_decide(request.user, track) for track in tracks):
        raise Http404
    rows = [
        (contest, row)
        for contest in standings(found).contests
        for row in contest.rows
        if row.submission == submission
    ]
    context = {"event": found, "submission": submission, "rows": rows}
    return render(request, "awards/why.html", context)


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
    where = f"{request.POST.get('track', '')}_{request.POST.get('entry_type', '')}"
    form = AwardForm(request.POST, event=found, auto_id=f"award_{where}_%s")
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in form.DECIDED}
        try:
            made = actions.set_award(request.user, form.cleaned_data["track"], **told)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Decided: %(award)s.") % {"award": made})
            return redirect("awards:ranking", found.slug)
    return ranking_page(request, found, award_form=form)


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
        return ranking_page(request, found, publish_form=form)
    messages.success(request, _("The results are public."))
    return redirect("awards:results", found.slug)


@login_required
@require_POST
def unpublish(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    actions.unpublish(request.user, found)
    messages.success(request, _("The results are taken back; nobody but you sees them now."))
    return redirect("awards:ranking", found.slug)


@login_required
@require_POST
def confirm(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    confirming.confirm(request.user, found)
    messages.success(request, _("You have confirmed the results as they stand now."))
    return redirect("awards:ranking", found.slug)


@login_required
@require_POST
def release(request: Visit, event: str) -> HttpResponse:
    """Sets or cancels the time of publication."""
    found = fetch_run(request, event)
    if "cancel" in request.POST:
        confirming.cancel(request.user, found)
        messages.success(request, _("Nothing is published by itself any more."))
        return redirect("awards:ranking", found.slug)
    form = ReleaseForm(request.POST, zone=found.timezone)
    if form.is_valid():
        try:
            confirming.schedule(request.user, found, at=form.cleaned_data["at"])
        except Refused as refused:
            form.add_error("at", str(refused))
        else:
            messages.success(request, _("The results will be published at that time."))
            return redirect("awards:ranking", found.slug)
    return ranking_page(request, found, release_form=form)


@login_required
@require_POST
def freeze(request: Visit, event: str) -> HttpResponse:
    """Ends judging before its time, or lets it go on."""
    found = fetch_run(request, event)
    frozen = "thaw" not in request.POST
    freeze_panel(request.user, found, frozen=frozen)
    told = _("Scores are frozen.") if frozen else _("Judging goes on.")
    messages.success(request, told)
    return redirect("awards:ranking", found.slug)


@login_required
@require_POST
def prize(request: Visit, event: str) -> HttpResponse:
    """Adds or changes a special prize."""
    found = fetch_run(request, event)
    form = PrizeForm(request.POST, event=found, auto_id="prize_%s")
    if form.is_valid():
        try:
            prizes.set_prize(request.user, found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The prize is saved."))
            return redirect("awards:ranking", found.slug)
    return ranking_page(request, found, prize_form=form)


@login_required
@require_POST
def remove_prize(request: Visit, event: str, pk: int) -> HttpResponse:
    found = fetch_run(request, event)
    prizes.remove_prize(request.user, get_object_or_404(Prize, event=found, pk=pk))
    return redirect("awards:ranking", found.slug)


@login_required
@require_POST
def award_votes(request: Visit, event: str) -> HttpResponse:
    """A prize for the best poster of each category, by the votes of those who came."""
    found = fetch_run(request, event)
    made, left = poster_votes.award(request.user, found)
    said = ngettext("%(n)d prize is given by votes.", "%(n)d prizes are given by votes.", len(made))
    messages.success(request, said % {"n": len(made)})
    for sentence in left:
        messages.warning(request, sentence)
    return redirect("awards:ranking", found.slug)
