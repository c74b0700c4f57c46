from tests.pages import READERS, RUNNING, SIGNED_IN, TEAM, get, post

PAGES = {
    "entries:list": get(RUNNING, "slug"),
    "entries:mine": get(SIGNED_IN, "slug"),
    "entries:create": get(SIGNED_IN, "slug"),
    "entries:detail": get(READERS, "slug", "submission"),
    "entries:edit": get(TEAM, "slug", "submission"),
    "entries:submit": post(TEAM, "slug", "submission"),
    "entries:withdraw": post(TEAM, "slug", "submission"),
    "entries:preview": post(SIGNED_IN),
}
