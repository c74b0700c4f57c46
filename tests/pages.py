"""How a room declares its addresses: who gets an answer, and with which method.

A room declares its own in the file `pages.py` of its tests; `tests/test_permissions.py` finds all.
A function `furnish(world)` there adds what the room's addresses need to the one world they share.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlencode

from django.urls import reverse

NOBODY = ""
SIGNED_IN = (
    "stranger administrator foreigner author member rival judge bystander lead mentor speaker door "
    "coorganizer organizer"
)
EVERYBODY = f"anonymous {SIGNED_IN}"
TEAM = "author member"  # who leads it, and who does not
JUDGES = "judge bystander"
OWNING = "organizer"  # the organizer of the cast owns the event
RUNNING = f"coorganizer {OWNING}"
READERS = f"{TEAM} judge {RUNNING}"  # of a final submission
# Arguments that are no things of an event.
WORDS = {
    "kind",
    "section",
    "part_kind",
    "printed",
    "statistic",
    "lead_word",
    "webhook_word",
    "template",
}


@dataclass(frozen=True)
class Page:
    """How to ask for an address, and the roles that get an answer."""

    may: str
    arguments: tuple[str, ...] = ()  # names of things in the world
    method: str = "get"
    query: str = ""  # a parameter, and the name in the world of what it says

    def path(self, name: str, world: SimpleNamespace) -> str:
        path = reverse(name, args=[getattr(world, thing) for thing in self.arguments])
        return (
            f"{path}?{urlencode({self.query: getattr(world, self.query)})}" if self.query else path
        )


def post(may: str, *arguments: str) -> Page:
    return Page(may, arguments, "post")


def get(may: str, *arguments: str, query: str = "") -> Page:
    return Page(may, arguments, query=query)
