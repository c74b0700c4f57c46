from tests.pages import READERS, TEAM, get

PAGES = {
    "datasets:upload": get(TEAM, "slug", "submission"),
    "datasets:panel": get(READERS, "slug", "submission"),
    "datasets:detail": get(READERS, "slug", "dataset"),
    "datasets:download": get(TEAM, "slug", "dataset"),
}
