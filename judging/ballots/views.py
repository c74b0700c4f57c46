from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event, Phase
from events.views import fetch_run
from judging.ballots import actions, rules
from judging.ballots.another import ask_for_another
from judging.ballots.desk import ASKED, LONG, SHOWN, desk, desks, earlier_scores
from judging.ballots.forms import FlagForm, ScoreForm, SkipForm
from judging.ballots.models import Ballot
from judging.ballots.progress import overview
from judging.panel.conflicts import declare_conflict
from judging.panel.models import Assignment, Criterion, Panel, panel_of
from theme.refusal import Refused


@login_required
def dashboard(request: Visit) -> HttpResponse:
    """All events in which this person judges."""
    return render(request, "ballots/dashboard.html", {"desks": desks(request.user)})


@login_required
def event_desk(request: Visit, event: str) -> HttpResponse:
    """The judge's list; asked for every few seconds, it mostly answers that nothing changed."""
    found = rules.door(request.user, event)
    if found is None:
        raise Http404
    pk, open_ = found
    mine = desk(request.user, pk)
    headers = {"ETag": f'"{mine.state}-{open_:d}"'}
    if request.htmx and request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    context = {"desk": mine, "etag": headers["ETag"], "next": mine.next_after(), "open": open_}
    if request.htmx:  # the list names the event by its address only
        context |= {"event": {"slug": event}}
    else:
        context |= _around(request, event)
    template = "ballots/_desk.html" if request.htmx else "ballots/event.html"
    answer = render(request, template, context)
    answer["ETag"] = headers["ETag"]
    return answer


def _around(request: Visit, event: str) -> dict[str, object]:
    """What stands beside the list."""
    found = fetch_judged(request, event)
    return {
        "event": found,
        "phase": found.phases.filter(kind=Phase.Kind.JUDGING).first(),
        "panel": panel_of(found),
        "trained": rules.has_trained(request.user, found),
        "examples": found.examples.exists(),
        "can_ask": rules.can_ask_for_another(request.user, found),
    }


def fetch_judged(request: Visit, event: str) -> Event:
    """The event, for its judges; for everybody else it is as if there were no such page."""
    seen = Event.objects.visible_to(request.user).judged_by(request.user)
    return get_object_or_404(seen, slug=event)


def fetch_assignment(request: Visit, event: str, pk: object) -> Assignment:
    mine = Assignment.objects.visible_to(request.user).select_related(*SHOWN)
    return get_object_or_404(mine, submission__event__slug=event, submission=pk)


@login_required
def sheet(request: Visit, event: str, pk: object) -> HttpResponse:
    """The submission, its evidence, the score sheet; an autosave is answered with one line."""
    if request.method == "POST":
        return _save(request, event, pk)
    assignment = fetch_assignment(request, event, pk)
    return _page(request, assignment, _form(assignment))


def _form(assignment: Assignment) -> ScoreForm:
    ballot = Ballot.objects.filter(assignment=assignment).first()
    criteria = Criterion.objects.asked_of(assignment.submission)
    return ScoreForm(criteria=list(criteria), ballot=ballot)


def _page(request: Visit, assignment: Assignment, form: ScoreForm, **more: object) -> HttpResponse:
    mine = desk(request.user, assignment.event)
    place, before, after = mine.neighbours(assignment)
    ballot = Ballot.objects.filter(assignment=assignment).first()
    panel = panel_of(assignment.event)
    context = {
        "event": assignment.event,
        "submission": assignment.submission,
        "assignment": assignment,
        "ballot": ballot,
        "form": form,
        "panel": panel,
        "blind": panel.blind or assignment.submission.entry_type.blind,
        "withheld": panel.evidence == Panel.Evidence.AFTER
        and not (ballot and ballot.scores.exists()),
        "earlier": earlier_scores(request.user, assignment),
        "skip_form": SkipForm(auto_id="skip_%s"),
        "flag_form": FlagForm(auto_id="flag_%s"),
        "can_discuss": rules.can_discuss(request.user, assignment.submission),
        "desk": mine,
        "place": place,
        "before": before,
        "after": after,
        "open": rules.is_judging_open(assignment.event),
    }
    return render(request, "ballots/sheet.html", context | more)


def _save(request: Visit, event: str, pk: object) -> HttpResponse:
    # Not only visible ones: who lost the right meanwhile is told so instead of a 404 (F43).
    mine = Assignment.objects.filter(judge_id=request.user.pk).select_related(*ASKED)
    assignment = get_object_or_404(mine.defer(*LONG), submission__event__slug=event, submission=pk)
    told = request.POST.copy()
    if request.htmx:
        told.pop("submit", None)  # htmx adds the button that has the focus; autosaves never submit
    form = ScoreForm(told, criteria=list(Criterion.objects.asked_of(assignment.submission)))
    verb = actions.submit if "submit" in told else actions.save_draft
    if not form.is_valid():
        return _refused(request, assignment, form)
    try:
        ballot = verb(request.user, assignment, **form.told())
    except Refused as refused:
        return _refused(request, assignment, form, refused)
    if request.htmx:
        answer = render(request, "ballots/_saved.html", {"ballot": ballot, "swap": True})
        answer["X-Saved"] = str(ballot.version)  # this device need not keep it any more
        if form.told()["scores"]:
            answer["HX-Trigger"] = "scored"
        return answer
    if ballot.is_submitted:
        return _go_on(request, assignment)
    messages.success(request, _("Your draft is saved."))
    return redirect("ballots:sheet", assignment.event.slug, assignment.submission_id)


def _refused(
    request: Visit, assignment: Assignment, form: ScoreForm, refused: Refused | None = None
) -> HttpResponse:
    """The page again with what was chosen, or for an autosave just the sentence."""
    sentence = str(refused or _("Not saved: one of the fields cannot be stored as it is."))
    if request.htmx:
        return render(request, "ballots/_saved.html", {"refused": sentence})
    if not rules.can_score(request.user, assignment):
        messages.error(request, sentence)
        return redirect("ballots:event", assignment.event.slug)
    stored = None
    if refused:
        form.add_error(None, sentence)
        stored = Ballot.objects.filter(assignment=assignment, version__gt=0).first()
    if stored and refused and refused.code == "ballot.stale":
        form.now_knows(stored)
        theirs = stored.scores.select_related("criterion").order_by("criterion__position")
        return _page(request, assignment, form, theirs=theirs)
    return _page(request, assignment, form)


def _go_on(request: Visit, assignment: Assignment) -> HttpResponse:
    """To the next submission that waits, or back to the list when all are done."""
    mine = desk(request.user, assignment.event)
    following = mine.next_after(assignment)
    told = {"title": assignment.submission, "done": mine.done, "all": len(mine.tasks)}
    messages.success(request, _("“%(title)s” is submitted: %(done)d of %(all)d.") % told)
    if following is None:
        return redirect("ballots:event", assignment.event.slug)
    return redirect("ballots:sheet", assignment.event.slug, following.submission_id)


@login_required
@require_POST
def reopen(request: Visit, event: str, pk: object) -> HttpResponse:
    assignment = fetch_assignment(request, event, pk)
    ballot = get_object_or_404(Ballot, assignment=assignment)
    actions.reopen(request.user, assignment, version=ballot.version)
    messages.success(request, _("The score sheet is a draft again and does not count for now."))
    return redirect("ballots:sheet", assignment.event.slug, assignment.submission_id)


@login_required
def versions(request: Visit, event: str, pk: object) -> HttpResponse:
    """Every state of the own score sheet that was ever saved."""
    assignment = fetch_assignment(request, event, pk)
    ballot = get_object_or_404(Ballot, assignment=assignment)
    criteria = list(Criterion.objects.asked_of(assignment.submission))
    rows = [
        (version, [version.scores.get(str(c.pk), "") for c in criteria])
        for version in ballot.versions.all()
    ]
    context = {"submission": assignment.submission, "criteria": criteria, "rows": rows}
    return render(request, "ballots/versions.html", context | {"event": assignment.event})


@login_required
@require_POST
def conflict(request: Visit, event: str, pk: object) -> HttpResponse:
    """A judge declares an interest; the submission leaves the desk at once."""
    assignment = fetch_assignment(request, event, pk)
    reason = request.POST.get("reason", "").replace("\x00", "")[:300]
    declare_conflict(request.user, assignment.submission, judge=request.user, reason=reason)
    messages.success(
        request, _("Thank you. It is off your desk, and any scores you gave it do not count.")
    )
    return redirect("ballots:event", assignment.event.slug)


@login_required
@require_POST
def another(request: Visit, event: str) -> HttpResponse:
    """One more submission for a judge who has time, and straight to its sheet."""
    found = fetch_judged(request, event)
    assignment = ask_for_another(request.user, found)
    messages.success(
        request, _("Thank you: “%(title)s” is on your desk.") % {"title": assignment.submission}
    )
    return redirect("ballots:sheet", found.slug, assignment.submission_id)


@login_required
def progress(request: Visit, event: str) -> HttpResponse:
    """How far judging is, in numbers of sheets: no scores (organizers), and nothing of a category
    in which this organizer has an interest."""
    found = fetch_run(request, event)
    context = {"event": found, **overview(request.user, found)}
    template = "ballots/_progress.html" if request.htmx else "ballots/progress.html"
    return render(request, template, context)
