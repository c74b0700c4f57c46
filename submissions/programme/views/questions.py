"""Questions in talks: the list that lives, the speaker's view, the moderator's page; and what is
done with a question wherever it was asked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from submissions.programme import rules
from submissions.programme.actions import questions as actions
from submissions.programme.models import Poster, Question, QuestionVote, Session
from submissions.programme.views.fetching import question_seen, run, session_seen
from theme.refusal import Refused


def ranked(request: Visit, found: "QuerySet[Question]") -> list[Question]:
    """The most wanted first; two queries however many there are."""
    mine = QuestionVote.objects.filter(question=OuterRef("pk"), user_id=request.user.pk)
    counted: Any = found.annotate(wanted=Count("votes"), voted=Exists(mine))
    return list(
        counted.select_related("author")
        .prefetch_related("answers__author")
        .order_by("-wanted", "created_at", "pk")
    )


def shown_questions(
    request: Visit, thing: Session | Poster, *, asked: bool | None = None
) -> dict[str, Any]:
    """What this visitor reads of the questions put to a session or poster. `asked`: whether they
    are put to this visitor, where the caller knows."""
    if asked is None:
        asked = rules.is_contributor(request.user, thing)
    moderates = rules.can_moderate(request.user, thing.event)
    readable = thing.questions.read_by(request.user, asked=asked, moderates=moderates)
    found = ranked(request, readable)
    return {
        "questions": [q for q in found if q.state != Question.State.HIDDEN],
        "hidden": [q for q in found if q.state == Question.State.HIDDEN],
        "moderates": moderates,
        "is_asked": asked,
    }


def live(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_seen(request, event, session)
    context = {
        "event": found.event,
        "session": found,
        "thing": found,
        "attends": rules.attends(request.user, found.event),
    }
    return render(request, "programme/_questions.html", context | shown_questions(request, found))


@login_required
@require_POST
def ask(request: Visit, event: str, session: object) -> HttpResponse:
    found = session_seen(request, event, session)
    text = request.POST.get("text", "")
    try:
        asked = actions.ask(
            request.user, found, text=text, nameless=request.POST.get("nameless") == "1"
        )
    except Refused as refused:
        return typed_again(request, found, text, refused)
    messages.success(request, told_of(asked))
    return redirect(found)


def told_of(question: Question) -> str:
    if question.state == Question.State.WAITING:
        return _("Your question is with the moderator.")
    return _("Your question is asked.")


def typed_again(
    request: Visit, thing: Session | Poster, text: str, refused: Refused
) -> HttpResponse:
    """The page where it happened, with the sentence and with what was typed."""
    context = {
        "event": thing.event,
        "thing": thing,
        "text": text[:200_000],
        "sentence": str(refused),
        "action": request.path,
        "longest": Question.LONGEST,
    }
    return render(request, "programme/typed_again.html", context, status=refused.status)


@login_required
def stage(request: Visit, event: str, session: object) -> HttpResponse:
    """The questions in large type, for whoever stands in front."""
    found = session_seen(request, event, session)
    speaks = rules.is_contributor(request.user, found)
    if not (speaks or rules.can_moderate(request.user, found.event)):
        raise Http404
    asked = ranked(request, found.questions.filter(state=Question.State.OPEN))
    answered = found.questions.filter(state=Question.State.ANSWERED).count()
    context = {"event": found.event, "session": found, "questions": asked, "answered": answered}
    context["slot"] = found.slots.current().first()
    page = "programme/_stage.html" if request.htmx else "programme/stage.html"
    return render(request, page, context)


@login_required
@require_POST
def vote(request: Visit, event: str, question: int) -> HttpResponse:
    found = question_seen(request, event, question)
    actions.vote(request.user, found, on=request.POST.get("on", "1") == "1")
    return _back(request, found)


@login_required
@require_POST
def answer(request: Visit, event: str, question: int) -> HttpResponse:
    found = question_seen(request, event, question)
    text = request.POST.get("text", "")
    try:
        actions.answer(request.user, found, text=text)
    except Refused as refused:
        return typed_again(request, found.target, text, refused)
    messages.success(request, _("Your answer is shown, and the asker gets a mail."))
    return _back(request, found)


@login_required
@require_POST
def state(request: Visit, event: str, question: int) -> HttpResponse:
    found = question_seen(request, event, question)
    actions.set_state(request.user, found, state=request.POST.get("state", ""))
    return _back(request, found)


def _back(request: Visit, question: Question) -> HttpResponse:
    """To where it was asked; or for htmx the list as it is now."""
    if request.POST.get("back") == "stage":
        return redirect("programme:stage", event=question.event.slug, session=question.session_id)
    if request.POST.get("back") == "moderation":
        return redirect("programme:moderation", event=question.event.slug)
    if request.htmx:
        context = {"event": question.event, "thing": question.target, "attends": True}
        context |= shown_questions(request, question.target)
        return render(request, "programme/_questions.html", context)
    return redirect(f"{question.target.get_absolute_url()}#question-{question.pk}")


@login_required
def moderation(request: Visit, event: str) -> HttpResponse:
    """Everything that was asked in the event, what waits first."""
    found = run(request, event)
    asked = found.asked.filter(private=False).select_related(
        "author", "session__event", "poster__event"
    )
    waiting = [q for q in asked if q.state == Question.State.WAITING]
    others = [q for q in asked if q.state != Question.State.WAITING][:200]
    context = {"event": found, "waiting": waiting, "others": others}
    return render(request, "programme/moderation.html", context)
