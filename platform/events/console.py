"""The organizer's console is this list of cards. A room adds its line: a title, the page behind it,
and the address of a fragment that says what is going on there (or none, then a sentence)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.features import Feature
from events.models import Event


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
        sentence=_("What was handed in, by category."),
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
