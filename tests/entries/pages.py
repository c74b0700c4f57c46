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
    world.entry_type = world.event.entry_types.first().slug
