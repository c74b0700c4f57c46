from tests.pages import READERS, RUNNING, TEAM, get, post

PAGES = {
    "jobs:start": post(TEAM, "slug", "dataset"),
    "jobs:detail": get(READERS, "slug", "job"),
    "jobs:progress": get(READERS, "slug", "job"),
    "jobs:cancel": post(f"author {RUNNING}", "slug", "waiting"),
}
