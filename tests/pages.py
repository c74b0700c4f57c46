"""How a room declares its addresses: who gets an answer, and with which method.

A room declares its own in the file `pages.py` of its tests; `tests/test_permissions.py` finds all.
A function `furnish(world)` there adds what the room's addresses need to the one world they share.
"""

from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse

NOBODY = ""
EVERYBODY = "anonymous stranger foreigner author rival judge bystander organizer"
SIGNED_IN = "stranger foreigner author rival judge bystander organizer"
TEAM = "author"
READERS = "author judge organizer"  # of a final submission
JUDGES = "judge bystander"
RUNNING = "organizer"


@dataclass(frozen=True)
class Page:
    """How to ask for an address, and the roles that get an answer."""

    may: str
    arguments: tuple[str, ...] = ()  # names of things in the world
    method: str = "get"

    def path(self, name: str, world: SimpleNamespace) -> str:
        return reverse(name, args=[getattr(world, thing) for thing in self.arguments])


def post(may: str, *arguments: str) -> Page:
    return Page(may, arguments, "post")


def get(may: str, *arguments: str) -> Page:
    return Page(may, arguments)
