"""What people thought of a session, and of the event."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from submissions.programme import agenda, rules
from submissions.programme.actions import feedback as actions
from submissions.programme.clock import zone_of
from submissions.programme.forms import FeedbackForm
from submissions.programme.marks import all_marks
from submissions.programme.models import Feedback, Session, voice_of
from submissions.programme.views.fetching import event_seen, run, session_seen
from theme.refusal import Refused


def _attended(request: Visit, slug: str) -> Event:
    found = event_seen(request, slug)
    if not rules.attends(request.user, found):
        raise Http404
    return found


@login_required
def overview(request: Visit, event: str) -> HttpResponse:
    """Which sessions have been, and which of them this person has said something about."""
    found = _attended(request, event)
    zone = zone_of(found)
    on, _next = agenda.now_and_next(every := agenda.items(agenda.current_version(found), zone))
    been = [
        item
        for item in every
        if rules.is_over(item.slot) and item.slot.session.is_spoken and not item.is_cancelled
    ]
    voices = {voice_of(request.user, found, i.slot.session): i for i in [*been, *on]}
    given = Feedback.objects.filter(voice__in=voices).values_list("session_id", flat=True)
    context = {"event": found, "been": been, "on": on, "given": {*given}}
    return render(request, "programme/feedback.html", context)


def _give(request: Visit, event: Event, session: Session | None) -> HttpResponse:
    voice = voice_of(request.user, event, session)
    before = Feedback.objects.filter(event=event, session=session, voice=voice).first()
    form = FeedbackForm(request.POST or None, instance=before)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in FeedbackForm.Meta.fields}
        try:
            actions.give(
                request.user, event, session=session, named=form.cleaned_data["named"], **told
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you; it counts."))
            return redirect("programme:feedback", event=event.slug)
    context = {"event": event, "session": session, "form": form, "before": before}
    return render(request, "programme/give.html", context)


@login_required
def give_session(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_seen(request, event, session)
    if not rules.attends(request.user, found.event):
        raise Http404
    return _give(request, found.event, found)


@login_required
def give_event(request: Visit, event: str) -> HttpResponse:
    return _give(request, _attended(request, event), None)


@login_required
def results(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    context = {
        "event": found,
        "marks": all_marks(found),
        "programme": rules.programme_of(found),
    }
    return render(request, "programme/feedback_results.html", context)


@login_required
@require_POST
def release(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    actions.release_to_speakers(request.user, found)
    messages.success(request, _("Speakers now see the feedback for their own sessions."))
    return redirect("programme:feedback_results", event=found.slug)
