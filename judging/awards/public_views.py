"""What is public, or the participants', once results are published."""

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models.functions import MD5
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.requests import Visit
from events.models import Event
from events.views import fetch
from judging.awards import rules, winners
from judging.awards.models import Award, Publication
from judging.ballots.models import Ballot, Score
from judging.panel.models import Assignment
from submissions.entries.models import Submission
from theme.strangers import same_for_strangers


@same_for_strangers
def results(request: Visit, event: str) -> HttpResponse:
    """First, second and third of each category; before publication a rehearsal for the owner."""
    found = fetch(request, event)
    if not rules.can_see_results(request.user, found):
        raise Http404
    awards = winners.awards_of(found)
    mixed = len({given.entry_type_id for given in awards}) > 1
    by_name: dict[str, list[winners.Shown]] = defaultdict(list)
    for given in awards:
        name = f"{given.track} · {given.entry_type}" if mixed else str(given.track)
        by_name[name].append(winners.shown(given))
    publication = Publication.objects.standing().filter(event=found).first()
    context = {
        "event": found,
        "contests": list(by_name.items()),
        "prizes": found.prizes.exclude(submission=None).select_related(
            "submission__team", "submission__event"
        ),
        "publication": publication,
        "numbers": publication.numbers if publication else winners.numbers(found),
        "can_read_comments": rules.can_read_comments(request.user, found),
        "adaptive": Assignment.objects.of(found).adaptive().exists(),
    }
    return render(request, "awards/results.html", context)


def results_json(request: Visit, event: str) -> JsonResponse:
    """The published results for programs; before that there is no such address."""
    found = fetch(request, event)
    if not rules.is_published(found):
        raise Http404
    return JsonResponse(winners.as_json(found), json_dumps_params={"indent": 2})


def _own(request: Visit, event: str) -> tuple[Event, list[Submission]]:
    found = fetch(request, event)
    if not rules.can_read_comments(request.user, found):
        raise Http404
    own = Submission.objects.own(request.user).submitted().filter(event=found)
    return found, list(own.select_related("event", "team", "track"))


@login_required
def comments(request: Visit, event: str) -> HttpResponse:
    """What the judges wrote to the authors of the own submissions; judges are not named."""
    found, own = _own(request, event)
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
    scores = _scores(own) if rules.can_see_scores(request.user, found) else {}
    context = {
        "event": found,
        "submissions": [(s, by_submission[s.pk], scores.get(s.pk, [])) for s in own],
    }
    return render(request, "awards/comments.html", context)


def _scores(own: list[Submission]) -> dict[object, list[dict[str, Any]]]:
    """By submission: each criterion's scores in order of size, so that no judge can be followed
    from one criterion to the next."""
    found: dict[object, dict[str, dict[str, Any]]] = defaultdict(dict)
    rows = Score.objects.filter(
        ballot__in=Ballot.objects.counted(),
        ballot__assignment__submission__in=own,
        value__isnull=False,
    ).order_by("criterion__position", "criterion_id", "-value")
    for score in rows.select_related("criterion", "ballot__assignment"):
        by_name = found[score.ballot.assignment.submission_id]
        told = by_name.setdefault(score.criterion.name, {"criterion": score.criterion, "given": []})
        told["given"].append(score.value)
    return {pk: list(by_name.values()) for pk, by_name in found.items()}


@login_required
def certificate(request: Visit, event: str, pk: object) -> HttpResponse:
    """A PDF for one person: what was won, or that one took part."""
    from judging.awards.certificate import certificate_pdf  # fpdf is slow to import

    found, own = _own(request, event)
    submission = get_object_or_404(Submission.objects.filter(pk__in=[s.pk for s in own]), pk=pk)
    won = [str(_place(award)) for award in submission.awards.select_related("track")]
    won += [prize.name for prize in submission.prizes.all()]
    pdf = certificate_pdf(found, str(request.user), submission.title, won)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{found.slug}.pdf"'
    return answer


def _place(award: Award) -> str:
    names = {1: _("First place"), 2: _("Second place"), 3: _("Third place")}
    return f"{names[award.place]}, {award.track}"
