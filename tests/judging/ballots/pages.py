from tests.pages import JUDGES, RUNNING, SIGNED_IN, get, post

PAGES = {
    "ballots:dashboard": get(SIGNED_IN),
    "ballots:event": get(JUDGES, "slug"),
    "ballots:progress": get(RUNNING, "slug"),
    "ballots:another": post(JUDGES, "slug"),
    "ballots:sheet": get("judge", "slug", "submission"),
    "ballots:reopen": post("judge", "slug", "submission"),
    "ballots:conflict": post("judge", "slug", "submission"),
}
