from tests.pages import READERS, TEAM, get, post

PAGES = {
    "jobs:start": post(TEAM, "slug", "dataset"),
    "jobs:detail": get(READERS, "slug", "job"),
    "jobs:progress": get(READERS, "slug", "job"),
    "jobs:cancel": post("author organizer", "slug", "waiting"),
}
