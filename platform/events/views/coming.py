"""Coming in: one page that says where one stands and what is next, invitations, the ticket."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events import actions, limits, rules
from events.answer_form import AnswersForm
from events.models import Answer, Event, Phase, Registration
from events.views import fetch
from theme.refusal import Refused


def own(request: Visit, event: Event) -> Registration | None:
    found = Registration.objects.filter(user_id=request.user.pk, event=event)
    registration = found.select_related("track").first()
    if registration is not None:
        registration.event = event
    return registration


@login_required
def registration(request: Visit, event: str) -> HttpResponse:
    """Where I stand, and the one thing to do next."""
    found = fetch(request, event)
    mine = own(request, found)
    current = mine if mine and mine.state not in Registration.OVER else None
    form = AnswersForm(
        request.POST or None,
        request.FILES or None,
        event=found,
        user=request.user,
        registration=current,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, found, _proceed(request, found, current, form))
        except Refused as refused:
            form.add_error(None, str(refused))
    elif request.method == "POST" and not form.fields:  # a button alone
        return _done(request, found, _proceed(request, found, current, form))
    context = {"event": found, "registration": mine, "form": form} | _chances(request, found, mine)
    return render(request, "events/registration.html", context)


def _proceed(
    request: Visit, event: Event, current: Registration | None, form: AnswersForm
) -> Registration:
    given: dict[str, Any] = {}
    if form.fields:
        given = {"answers": form.answers, "accepts": form.accepts}
    if current is None:
        track = form.cleaned_data.get("track") if form.fields else None
        return actions.register(request.user, event, track=track, **given)
    if current.state == Registration.State.OFFERED:
        return actions.confirm(request.user, event, **given)
    return actions.change_answers(request.user, event, **({"answers": {}} | given))


def _done(request: Visit, event: Event, registration: Registration) -> HttpResponse:
    said = {
        Registration.State.CONFIRMED: _("You are registered for %(event)s."),
        Registration.State.WAITING: _("All places are taken; you are on the waiting list."),
        Registration.State.APPLIED: _("Your application for %(event)s has come in."),
    }.get(Registration.State(registration.told_state), _("Your answers are saved."))
    messages.success(request, said % {"event": event})
    return redirect(registration)


def _chances(request: Visit, event: Event, mine: Registration | None) -> dict[str, object]:
    ahead = 0
    if mine is not None and mine.line is not None:
        ahead = event.registrations.waiting().filter(line__lt=mine.line).count()
    return {
        "can_register": rules.can_register(request.user, event),
        "can_change": rules.can_change_answers(request.user, event),
        "ahead": ahead,
        "team": rules.has_team(request.user, event),
        "roles": request.user.roles.filter(event=event).select_related("track"),
    }


@login_required
@require_POST
def register(request: Visit, event: str) -> HttpResponse:
    """The button on the event's page; where questions are asked, it leads to them."""
    found = fetch(request, event)
    form = AnswersForm(event=found, user=request.user, registration=own(request, found))
    if form.fields:
        return redirect("events:registration", event=found.slug)
    return _done(request, found, actions.register(request.user, found))


@login_required
@require_POST
def cancel(request: Visit, event: str) -> HttpResponse:
    found = fetch(request, event)
    actions.cancel_registration(request.user, found)
    messages.success(request, _("Your registration is cancelled."))
    return redirect(found)


def invitation(request: Visit, event: str, code: str) -> HttpResponse:
    """What a link promises, or why it is not valid any more; using it takes an account."""
    found = get_object_or_404(Event, slug=event)
    who = _who(request)
    limits.refuse_after_many(*who)
    invited = found.invitations.filter(code=code).select_related("track").first()
    if invited is None:
        limits.count_wrong(*who)
        fetch(request, event)  # a draft is as unknown as what does not exist
        return render(request, "events/invitation.html", {"problem": True}, status=404)
    if request.method == "POST" and request.user.is_authenticated:
        return _use(request, found, code)
    problem = actions.problem_with(invited, request.user)
    context = {"event": found, "invitation": invited, "problem": problem}
    return render(request, "events/invitation.html", context)


def _who(request: Visit) -> list[str]:
    from allauth.account.adapter import get_adapter

    address = get_adapter().get_client_ip(request)
    return [f"ip.{address}", *([f"user.{request.user.pk}"] if request.user.pk else [])]


def _use(request: Visit, event: Event, code: str) -> HttpResponse:
    try:
        given = actions.redeem(request.user, event, code=code)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(request.path)
    messages.success(request, _("Welcome to %(event)s.") % {"event": event})
    return redirect(given if isinstance(given, Registration) else event)


@login_required
def enter_code(request: Visit, event: str) -> HttpResponse:
    """For a code that was told or printed."""
    found = fetch(request, event)
    code = request.POST.get("code", "").strip()
    if code and "/" not in code:
        return redirect("events:invitation", event=found.slug, code=code[:32])
    return render(request, "events/code.html", {"event": found})


def _ticket(request: Visit, event: str) -> tuple[Event, Registration]:
    found = fetch(request, event)
    mine = own(request, found)
    if mine is None or not mine.takes_part:
        raise Http404
    return found, mine


@login_required
def ticket(request: Visit, event: str) -> HttpResponse:
    found, mine = _ticket(request, event)
    drawn = segno.make(mine.ticket, error="m").svg_inline(
        border=2, dark="#000", light="#fff", omitsize=True
    )
    days = found.phases.filter(kind=Phase.Kind.EVENT).first()
    code = mark_safe(drawn)  # noqa: S308 - ours
    context = {"event": found, "registration": mine, "days": days, "code": code}
    return render(request, "events/ticket.html", context)


@login_required
def certificate(request: Visit, event: str) -> HttpResponse:
    found, mine = _ticket(request, event)
    if mine.state != Registration.State.CHECKED_IN:
        raise Http404
    from events import papers  # fpdf takes a third of a second to import: for this view only

    return papers.answer(papers.certificates(found, [mine]), f"certificate-{found.slug}.pdf")


@login_required
def answer_file(request: Visit, event: str, answer: int) -> FileResponse:
    """A file somebody handed in with their answers: for them and for those who run the event."""
    found = fetch(request, event)
    answers = Answer.objects.filter(registration__event=found).exclude(file="")
    if not rules.can_run(request.user, found):
        answers = answers.filter(registration__user_id=request.user.pk)
    kept = get_object_or_404(answers, pk=answer)
    response = FileResponse(kept.file.open("rb"), as_attachment=True, filename=str(kept.value))
    response["Content-Security-Policy"] = "sandbox"
    return response
