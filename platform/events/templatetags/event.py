from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from events import asking
from events.features import Feature
from events.models import Event, Phase, Question, Role
from events.presence import Presence, presence

register = template.Library()

Link = tuple[str, str]


@register.simple_tag
def answer_text(question: Question, value: object) -> str:
    """An answer as people read it."""
    return asking.shown(question, value)


@register.filter
def closes_next(event: Event) -> Phase | None:
    """Of the phases that are open, the one that closes first; no query if they are prefetched."""
    now = timezone.now()
    running = [phase for phase in event.phases.all() if phase.opens_at <= now < phase.closes_at]
    return min(running, key=lambda phase: phase.closes_at, default=None)


@register.inclusion_tag("events/_deadline.html", takes_context=True)
def deadline(context: template.Context, moment: datetime, event: Event) -> dict[str, object]:
    """A moment on the event's clock, on the viewer's if it shows something else, and how far away
    it is by the server's."""
    user = context["request"].user
    own = timezone.get_current_timezone_name() if user.is_authenticated else event.timezone
    differs = (
        localtime(moment, ZoneInfo(own)).utcoffset() != localtime(moment, event.zone).utcoffset()
    )
    return {"moment": moment, "zone": event.timezone, "own": own if differs else ""}


@register.inclusion_tag("events/_tabs.html", takes_context=True)
def event_tabs(context: template.Context, event: Event) -> dict[str, object]:
    """The event's own navigation: only links that this visitor may open."""
    request: HttpRequest = context["request"]
    links = [(label, reverse(name, args=[event.slug])) for label, name in _tabs(request, event)]
    here = _shown_under(event, request.path)
    # A tab is current on the pages below it; the overview, above them all, on its own page only.
    below = [url for _label, url in links[1:] if here.startswith(_room(url))]
    current = max(below, key=lambda url: (here.startswith(url), len(url)), default=here)
    return {"event": event, "links": links, "current": current}


def _shown_under(event: Event, path: str) -> str:
    """A table, its scoring and its report belong to a submission, whatever their own address."""
    home = event.get_absolute_url()
    page = path.removeprefix(home)
    if page.startswith(("data/", "jobs/", "reports/")) and not page.startswith("data/limits/"):
        return f"{home}submissions/{page}"
    return path


def _room(url: str) -> str:
    """A submission's own pages stand beside the list of the own ones, not below it."""
    return url.removesuffix("mine/")


def _public(event: Event) -> list[Link]:
    """What every visitor may open."""
    tabs = [(_("Overview"), "events:detail")]
    if event.results_at:
        tabs.append((_("Results"), "awards:results"))
    if event.results_at or event.has(Feature.PROJECTS):
        tabs.append((_("Gallery"), "entries:gallery"))
    if event.has(Feature.IDEAS):
        tabs.append((_("Ideas"), "ideas:list"))
    if event.has(Feature.PROGRAMME):
        tabs.append((_("Agenda"), "programme:agenda"))
    return tabs


def _tabs(request: HttpRequest, event: Event) -> list[Link]:
    user = request.user
    tabs = _public(event)
    programme = event.has(Feature.PROGRAMME)
    if not user.is_authenticated:
        return tabs
    here = presence(request, event)  # type: ignore[arg-type]
    kinds = here.roles
    if programme and (here.registered or kinds):
        tabs.append((_("Poster hall"), "programme:hall"))
    tabs += _of_participants(here)
    written = (Feature.TALKS, Feature.POSTERS, Feature.PROPOSALS)  # these need no team
    if (
        any(event.has(one) for one in written)
        and (_("Your submissions"), "entries:mine") not in tabs
    ):
        tabs.append((_("Your submissions"), "entries:mine"))
    if Role.Kind.JUDGE in kinds:
        tabs.append((_("Judging"), "ballots:event"))
    if kinds & set(Role.RUNNING):
        tabs += [
            (_("Console"), "events:console"),
            (_("People"), "events:people"),
            *([(_("Schedule"), "programme:editor")] if programme else []),
            (_("Submissions"), "entries:list"),
            (_("Scoring"), "jobs:overview"),
            (_("Judges"), "panel:detail"),
            (_("Ranking"), "awards:ranking"),
            (_("Mail"), "notices:outbox"),
        ]
    elif Role.Kind.CHECK_IN in kinds:
        tabs.append((_("Check-in"), "events:door"))
    return tabs


def _of_participants(here: Presence) -> list[Link]:
    event, registration = here.event, here.registration
    if registration is None:
        return []
    tabs = [(_("Registration"), "events:registration")]
    in_team = here.team is not None
    if in_team or (registration.takes_part and event.has(Event.Feature.TEAMS)):
        tabs.append((_("Team"), "events:team"))
    if registration.takes_part and event.has(Event.Feature.BOARD) and not in_team:
        tabs.append((_("Find a team"), "events:board"))
    if in_team:
        tabs.append((_("Your submissions"), "entries:mine"))
    return tabs
