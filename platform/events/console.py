"""The organizer's console is this list of cards. A room adds its line: a title, the page behind it,
and the address of a fragment that says what is going on there (or none, then a sentence)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import people
from events.features import Feature
from events.models import Event, Registration


@dataclass(frozen=True)
class Card:
    title: str | Promise
    page: str  # name of an address that takes the event's slug, as all here
    fragment: str = ""  # answers HTML that stands inside the card; asked for by htmx
    sentence: str | Promise = ""  # stands there until the fragment has come, or without script
    feature: str = ""  # only in events that have it

    def told(self, event: Event) -> dict[str, object]:
        return {
            "title": self.title,
            "sentence": self.sentence,
            "url": reverse(self.page, args=[event.slug]),
            "fragment": reverse(self.fragment, args=[event.slug]) if self.fragment else "",
        }


CARDS = [
    Card(
        _("Submissions"),
        "entries:list",
        "entries:card",
        _("What was handed in, by category."),
    ),
    Card(
        _("What is handed in"),
        "entries:types",
        sentence=_("Entry types: fields, limits, questions, windows, categories."),
    ),
    Card(
        _("Ideas"),
        "ideas:list",
        sentence=_("The list, its mentors, and how many propose for each."),
        feature=Feature.IDEAS,
    ),
    Card(
        _("Mail"),
        "notices:outbox",
        sentence=_("What was sent and what failed; write to many."),
    ),
    Card(
        _("History"),
        "notices:audit",
        sentence=_("Who did what to what, and when."),
    ),
    Card(
        _("Schedule"),
        "programme:editor",
        sentence=_("Rooms, days, sessions, conflicts, releases; posters and questions."),
        feature=Feature.PROGRAMME,
    ),
    Card(
        _("Scoring"),
        "jobs:overview",
        "jobs:card",
        _("Workers, queues, and every table's way to its report."),
    ),
    Card(
        _("Limits of data sets"),
        "datasets:limits",
        sentence=_("How large the tables may be that teams hand in."),
    ),
    Card(
        _("Judges"),
        "panel:detail",
        sentence=_("Criteria, assignments, conflicts of interest, progress."),
        feature=Feature.JUDGING,
    ),
    Card(
        _("Ranking"),
        "awards:ranking",
        sentence=_("Who leads, how sure that is, and the winners to publish."),
        feature=Feature.JUDGING,
    ),
]


def cards(event: Event) -> list[dict[str, object]]:
    return [card.told(event) for card in CARDS if not card.feature or event.has(card.feature)]


@dataclass(frozen=True)
class Number:
    label: str | Promise
    now: int
    week: int | None = None  # how many of them came within the last seven days


@dataclass(frozen=True)
class Decision:
    sentence: str | Promise
    url: str


def numbers(event: Event) -> list[Number]:
    week_ago = timezone.now() - timedelta(days=7)
    counts = people.counts(event)
    taking_part = sum(counts[state] for state in Registration.TAKING_PART)
    new = event.registrations.active().filter(created_at__gte=week_ago).count()
    told = [Number(_("Taking part"), taking_part, new)]
    told += [
        Number(str(Registration.State(state).label), counts[state])
        for state in ("applied", "waiting", "offered", "checked_in")
        if counts[state]
    ]
    if event.has(Feature.TEAMS):
        new = event.teams.filter(created_at__gte=week_ago).count()
        told.append(Number(_("Teams"), event.teams.count(), new))
    return told


def decisions(event: Event) -> list[Decision]:
    """What waits for an organizer."""
    counts, found = people.counts(event), []
    url = reverse("events:people", args=[event.slug])
    if n := counts["applied"]:
        said = ngettext("%(n)d application to decide", "%(n)d applications to decide", n)
        found.append(Decision(said % {"n": n}, f"{url}?state=applied"))
    if n := counts["accepted"] + counts["declined"]:
        said = ngettext("%(n)d decision to tell", "%(n)d decisions to tell", n)
        found.append(Decision(said % {"n": n}, f"{url}?state=accepted"))
    return found


def deadlines(event: Event) -> list[tuple[str, datetime, str]]:
    """(what, when, "opens" or "closes"), the next first, at most five."""
    now, ahead = timezone.now(), []
    for phase in event.phases.ahead():
        ahead += [
            (phase.label, moment, does)
            for moment, does in ((phase.opens_at, "opens"), (phase.closes_at, "closes"))
            if moment > now
        ]
    return sorted(ahead, key=lambda one: one[1])[:5]


def pages(event: Event) -> list[tuple[str | Promise, list[tuple[str | Promise, str]]]]:
    """Everything else an organizer does, by topic: all of it one click away from the console."""

    def to(name: str, *more: str) -> str:
        return reverse(f"events:{name}", args=[event.slug, *more])

    return [
        (
            _("People"),
            [
                (_("People and decisions"), to("people")),
                (_("Invitations"), to("invitations")),
                (_("Roles"), to("roles")),
                (_("Teams"), to("teams")),
                (_("Statistics"), to("statistics")),
            ],
        ),
        (
            _("The event"),
            [
                (_("Name, text, place"), to("settings", "basics")),
                (_("Who may come"), to("settings", "admission")),
                (_("What the event has"), to("settings", "features")),
                (_("Colours and logo"), to("settings", "look")),
                (_("Code of conduct"), to("settings", "conduct")),
                (_("Second factor"), to("settings", "safety")),
                (_("Phases"), to("parts", "phases")),
                (_("Categories"), to("parts", "tracks")),
                (_("Pages"), to("parts", "pages")),
                (_("Questions"), to("parts", "questions")),
            ],
        ),
        (
            _("The day"),
            [
                (_("Check-in"), to("door")),
                (_("Badges (PDF)"), to("printed", "badges")),
                (_("Certificates (PDF)"), to("printed", "certificates")),
            ],
        ),
        (
            _("Data"),
            [
                (_("People as CSV"), to("people_export", "csv")),
                (_("People as JSON"), to("people_export", "json")),
                (_("Teams as CSV"), to("team_export")),
                (_("Invitations as CSV"), to("invitation_export")),
                (_("The event as YAML"), to("written")),
                (_("A new event from this one"), to("clone")),
                (_("Webhooks"), reverse("notices:webhooks", args=[event.slug])),
            ],
        ),
    ]


def to_do_before_publishing(event: Event) -> list[Decision]:
    """What a draft still lacks; none of it is forced."""
    if event.state != Event.State.DRAFT:
        return []

    def to(name: str, *more: str) -> str:
        return reverse(f"events:{name}", args=[event.slug, *more])

    kinds = {phase.kind for phase in event.phases.all()}
    lacks = [
        (not event.summary, _("Say in one sentence what it is"), to("settings", "basics")),
        (not event.description, _("Describe it"), to("settings", "basics")),
        ("registration" not in kinds, _("Say when registration is open"), to("parts", "phases")),
        (not event.conducts.exists(), _("Add a code of conduct"), to("settings", "conduct")),
    ]
    return [Decision(sentence, url) for lacking, sentence, url in lacks if lacking]
