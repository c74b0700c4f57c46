from django.utils import timezone

from tests.pages import EVERYBODY, NOBODY, SIGNED_IN, get, post

PAGES = {
    "accounts:profile": get(SIGNED_IN),
    "accounts:change_picture": post(SIGNED_IN),
    "accounts:picture": get(NOBODY, "kind"),  # nobody has a picture of that name
    "accounts:data": get(SIGNED_IN),
    "accounts:download": get(SIGNED_IN),
    "accounts:erase": post(SIGNED_IN),
    "accounts:deactivate": post(SIGNED_IN),
    "accounts:reactivate": get(EVERYBODY, "way_back"),  # it says nothing; the text in it decides
    "accounts:tokens": get(SIGNED_IN),
    "accounts:revoke_token": post("author", "own_token"),
}


def furnish(world) -> None:
    world.way_back = "unsigned"
    tokens = world.people["author"].tokens
    world.own_token = tokens.create(name="Script", digest="0" * 64, expires_at=timezone.now()).pk
