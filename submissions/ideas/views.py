"""The list of ideas, one idea, and the form in which it is written."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.features import Feature
from events.models import Event
from events.rules import can_run
from events.views import fetch
from submissions.entries.entry_types import use_default_types
from submissions.entries.models import Submission
from submissions.ideas import actions, rules
from submissions.ideas.forms import IdeaForm, MentorForms, ResourceForms, rows
from submissions.ideas.models import Enquiry, ForIdea, Idea, IdeaQuerySet
from theme.refusal import Refused

A_PAGE = 24


def fetch_event(request: Visit, slug: str) -> Event:
    """An event with ideas, for those who may know of it."""
    found = fetch(request, slug)
    if not found.has(Feature.IDEAS):
        raise Http404
    use_default_types(None, found)  # whether a proposal can be begun depends on them
    return found


def fetch_idea(request: Visit, event: str, pk: int) -> Idea:
    found = Idea.objects.visible_to(request.user).select_related("event")
    return get_object_or_404(found, event=fetch_event(request, event), pk=pk)


def fetch_edited(request: Visit, event: str, pk: int) -> Idea:
    found = fetch_idea(request, event, pk)
    if not rules.can_edit(request.user, found):
        raise Http404
    return found


def overview(request: Visit, event: str) -> HttpResponse:
    """All ideas of an event that this visitor may see, by words, difficulty and skill."""
    found = fetch_event(request, event)
    seen = Idea.objects.visible_to(request.user).filter(event=found)
    chosen = _asked(request, seen.prefetch_related("mentors"))
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    counts = _counts(request, found)
    context = {
        "event": found,
        "page_obj": page,
        "cards": [(one, counts.get(one.pk)) for one in page],
        "asked": request.GET,
        "difficulties": [*Idea.Difficulty.choices, ("none", _("none given"))],
        "skills": _skills(seen),
        "is_any": seen.exists(),
        "can_write": rules.can_write(request.user, found),
    }
    return render(request, "ideas/list.html", context)


def _asked(request: Visit, seen: IdeaQuerySet) -> list[Idea]:
    chosen = seen.select_related("event").about(request.GET.get("q", ""))
    if difficulty := request.GET.get("difficulty"):
        wanted = "" if difficulty == "none" else difficulty[:10].replace("\x00", "")
        chosen = chosen.filter(difficulty=wanted)
    skill = request.GET.get("skill", "").casefold()
    return [one for one in chosen if not skill or skill in _named(one)]


def _named(idea: Idea) -> dict[str, str]:
    """Its skills as written, by what they are compared by."""
    return {skill.casefold(): skill for skill in (*idea.needed, *idea.helpful)}


def _skills(seen: IdeaQuerySet) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for one in seen:
        found = _named(one) | found
    return sorted(found.items())


def _counts(request: Visit, event: Event) -> dict[int | None, int]:
    """{idea: proposals handed in}, of those whose number this visitor may know."""
    ideas = event.ideas.all()
    if not can_run(request.user, event):
        ideas = ideas.filter(pk__in=Idea.objects.mentored_by(request.user).values("pk"))
    final = ForIdea.objects.filter(
        idea__in=ideas.values("pk"), submission__state=Submission.State.SUBMITTED
    )
    counted = dict(final.values_list("idea").annotate(Count("pk")).order_by())
    return {pk: counted.get(pk, 0) for pk in ideas.values_list("pk", flat=True)}


def idea(request: Visit, event: str, idea: int) -> HttpResponse:
    return render(request, "ideas/idea.html", shown(request, fetch_idea(request, event, idea)))


def shown(request: Visit, found: Idea) -> dict[str, Any]:
    user, kind = request.user, rules.proposal_type(found.event)
    counts = rules.can_count(user, found)
    return {
        "event": found.event,
        "idea": found,
        "links": [one.link for one in found.resources.all()],
        "mentors": found.mentors.all(),
        "can_edit": rules.can_edit(user, found),
        "can_publish": rules.can_publish(user, found),
        "can_propose": rules.can_propose(user, found),
        "can_ask": rules.can_ask(user, found),
        "tracks": kind.choosable_tracks() if kind else [],
        "longest": Enquiry.LONGEST,
        "counts": counts,
        "key": uuid4().hex,
        "proposals": _handed_in(request, found) if counts else [],
    }


def _handed_in(request: Visit, idea: Idea) -> Any:
    found = Submission.objects.submitted().visible_to(request.user).filter(for_idea__idea=idea)
    return found.select_related("event", "entry_type").prefetch_related("authors")


@login_required
def create(request: Visit, event: str) -> HttpResponse:
    found = fetch_event(request, event)
    if not rules.can_write(request.user, found):
        raise Http404
    return _write(request, found, None)


@login_required
def edit(request: Visit, event: str, idea: int) -> HttpResponse:
    found = fetch_edited(request, event, idea)
    return _write(request, found.event, found)


def _write(request: Visit, event: Event, idea: Idea | None) -> HttpResponse:
    form, mentors, resources = forms = _forms(request, event, idea)
    if request.method == "POST" and all([one.is_valid() for one in forms]):
        told = form.cleaned_data | {"mentors": rows(mentors) or None if not idea else rows(mentors)}
        try:
            saved = actions.save_idea(
                request.user, event, idea=idea, resources=rows(resources), **told
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The idea is saved."))
            return redirect(saved)
    context = {"event": event, "idea": idea, "form": form}
    context |= {"mentor_forms": mentors, "resource_forms": resources}
    return render(request, "ideas/edit.html", context)


def _forms(request: Visit, event: Event, idea: Idea | None) -> tuple[Any, Any, Any]:
    data = request.POST if request.method == "POST" else None
    mentors = idea.mentors.values("name", "link", "user") if idea else []
    resources = idea.resources.values("label", "address") if idea else []
    stored = Idea.objects.get(pk=idea.pk) if idea else Idea(event=event)  # the form writes in it
    initial = {} if idea else {"position": event.ideas.count() + 1}
    return (
        IdeaForm(data, instance=stored, initial=initial),
        MentorForms(data, initial=list(mentors), prefix="mentors", form_kwargs={"event": event}),
        ResourceForms(data, initial=list(resources), prefix="resources"),
    )


@login_required
@require_POST
def publish(request: Visit, event: str, idea: int) -> HttpResponse:
    found = fetch_idea(request, event, idea)
    if not rules.can_publish(request.user, found):
        raise Http404
    on = request.POST.get("on", "1") == "1"
    actions.set_published(request.user, found, on=on)
    said = _("The idea stands in the list.") if on else _("The idea is out of the list.")
    messages.success(request, said)
    return redirect(found)
