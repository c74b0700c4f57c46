from tests.pages import EVERYBODY, READERS, RUNNING, TEAM, get, post

PAGES = {
    "jobs:start": post(TEAM, "slug", "dataset"),
    "jobs:detail": get(READERS, "slug", "job"),
    "jobs:progress": get(READERS, "slug", "job"),
    "jobs:cancel": post(f"{TEAM} {RUNNING}", "slug", "waiting"),
    "jobs:rerun": post(RUNNING, "slug", "job"),
    "jobs:overview": get(RUNNING, "slug"),
    "jobs:card": get(RUNNING, "slug"),
    "jobs:rerun_all": post(RUNNING, "slug"),
    "metrics": get(EVERYBODY),  # who is no neighbour and has no token: test_metrics.py
}
