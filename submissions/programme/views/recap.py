"""The page that remains of an event."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.models import Event
from submissions.programme import recap as numbers
from submissions.programme import recap_figures, rules
from submissions.programme.actions import recap as actions
from submissions.programme.forms import RecapForm
from submissions.programme.models import Recap
from submissions.programme.views.fetching import event_seen, run
from theme.refusal import Refused


def _published(request: Visit, slug: str) -> tuple[Event, Recap]:
    """Everybody's once it is published, the organizers' before."""
    found = event_seen(request, slug)
    recap = Recap.objects.filter(event=found).first()
    if recap is None or (not recap.published_at and not rules.can_edit(request.user, found)):
        raise Http404
    return found, recap


def _told(event: Event, recap: Recap) -> dict[str, Any]:
    return recap.frozen or numbers.all_numbers(event)


def page(request: Visit, event: str) -> HttpResponse:
    found, recap = _published(request, event)
    context = {
        "event": found,
        "recap": recap,
        "told": _told(found, recap),
        "quotes": recap.quotes.select_related("author", "session"),
        "runs": rules.can_edit(request.user, found),
    }
    return render(request, "programme/recap.html", context)


def pdf(request: Visit, event: str) -> HttpResponse:
    found, recap = _published(request, event)
    quotes = list(recap.quotes.select_related("author", "session"))
    from submissions.programme import recap_document  # fpdf is slow to import

    body = recap_document.draw(found, recap, _told(found, recap), quotes)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}-recap.pdf"'
    return answer


def as_json(request: Visit, event: str) -> JsonResponse:
    found, recap = _published(request, event)
    quotes = recap.quotes.values_list("comment", flat=True)
    return JsonResponse(
        {
            "event": found.slug,
            "name": found.name,
            "text": recap.prose,
            "numbers_frozen_at": recap.frozen_at,
            "quotes": list(quotes),
        }
        | _told(found, recap)
    )


def figure(request: Visit, event: str, name: str) -> JsonResponse:
    from bokeh.embed import json_item

    found, recap = _published(request, event)
    drawn = recap_figures.draw(name, _told(found, recap))
    if drawn is None:
        raise Http404
    return JsonResponse(json_item(drawn))


@login_required
def edit(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    recap = Recap.objects.filter(event=found).first() or Recap(event=found)
    form = RecapForm(request.POST or None, event=found, instance=recap)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.write(request.user, found, prose=told["prose"], quotes=told["quotes"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The recap is saved."))
            return redirect("programme:recap", event=found.slug)
    context = {"event": found, "form": form, "recap": recap, "ended": rules.has_ended(found)}
    return render(request, "programme/recap_edit.html", context)


@login_required
@require_POST
def freeze(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    actions.freeze(request.user, found, on=request.POST.get("on") == "1")
    return redirect("programme:recap", event=found.slug)


@login_required
@require_POST
def publish(request: Visit, event: str) -> HttpResponse:
    found = run(request, event)
    recap = actions.publish(request.user, found, on=request.POST.get("on") == "1")
    if recap.published_at:
        messages.success(request, _("Everybody can read the recap now."))
    return redirect("programme:recap", event=found.slug)
