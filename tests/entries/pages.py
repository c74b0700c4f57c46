from submissions.entries.entry_types import TALK, create_type
from tests.pages import READERS, RUNNING, SIGNED_IN, TEAM, get, post

PAGES = {
    "entries:list": get(RUNNING, "slug"),
    "entries:mine": get(SIGNED_IN, "slug"),
    "entries:create": get(SIGNED_IN, "slug"),
    "entries:write": get(SIGNED_IN, "slug", "entry_type"),
    "entries:detail": get(READERS, "slug", "submission"),
    "entries:edit": get(TEAM, "slug", "submission"),
    "entries:submit": post(TEAM, "slug", "submission"),
    "entries:withdraw": post(TEAM, "slug", "submission"),
    "entries:preview": post(SIGNED_IN),
}


def furnish(world):
    """A type that only this event has."""
    told = TALK | {"slug": "summer-talk"}
    world.entry_type = create_type(None, world.event, **told).slug
