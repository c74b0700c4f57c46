"""A new event: from the template of its kind, or from an earlier one."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events import actions, exchange
from events.blueprints import blueprint, moved
from events.forms import CloneForm, NewEventForm
from events.models import Event
from events.views import fetch_run
from theme.refusal import Refused
from theme.spreadsheet import as_attachment


@login_required
def create(request: Visit) -> HttpResponse:
    """The wizard: five fields and a draft stands, with everything of its kind."""
    zone = request.user.timezone
    form = NewEventForm(request.POST or None, initial={"timezone": zone})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = blueprint(
            given["kind"],
            name=given["name"],
            zone=ZoneInfo(given["timezone"]),
            first=given["first"],
            last=given["last"],
        )
        made = exchange.import_event(request.user, told)
        messages.success(request, _("Your draft stands. Look it over, then publish it."))
        return redirect("events:console", event=made.slug)
    earlier = Event.objects.run_by(request.user)[:20] if request.user.pk else []
    return render(request, "events/new.html", {"form": form, "earlier": earlier})


@login_required
def clone(request: Visit, event: str) -> HttpResponse:
    source = fetch_run(request, event)
    form = CloneForm(request.POST or None, initial={"name": source.name})
    if request.method == "POST" and form.is_valid():
        try:
            made = exchange.import_event(request.user, moved(source, **form.cleaned_data))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Everything but the people is there; the dates moved."))
            return redirect("events:console", event=made.slug)
    return render(request, "events/clone.html", {"event": source, "form": form})


@login_required
@require_POST
def state(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    actions.set_state(request.user, found, state=request.POST.get("state", ""))
    said = {
        Event.State.PUBLISHED: _("%(event)s is published."),
        Event.State.DRAFT: _("%(event)s is a draft again; only organizers see it."),
        Event.State.ARCHIVED: _("%(event)s is archived: it can be read, and nothing changes."),
    }
    messages.success(request, said[Event.State(found.state)] % {"event": found})
    return redirect("events:console", event=found.slug)


@login_required
def written(request: Visit, event: str) -> HttpResponse:
    """The whole event as the YAML file that import_event reads."""
    found = fetch_run(request, event)
    answer = HttpResponse(exchange.to_yaml(found), content_type="application/yaml; charset=utf-8")
    return as_attachment(answer, f"{found.slug}.yaml")
