from tests.pages import EVERYBODY, RUNNING, SIGNED_IN, get, post

PAGES = {
    "events:list": get(EVERYBODY),
    "events:detail": get(EVERYBODY, "slug"),
    "events:register": post(SIGNED_IN, "slug"),
    "events:cancel": post(SIGNED_IN, "slug"),
    "events:team": get(SIGNED_IN, "slug"),
    "events:leave": post("author rival", "slug"),
    "events:join": get(SIGNED_IN, "slug", "code"),
    "events:console": get(RUNNING, "slug"),
}
