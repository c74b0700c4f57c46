from notices import unsubscribing
from tests.pages import EVERYBODY, get

PAGES = {"notices:unsubscribe": get(EVERYBODY, "unsubscribe_token")}


def furnish(world):
    """The link in a mail is the permission, whoever is signed in."""
    path = unsubscribing.path("author@example.org", world.slug)
    world.unsubscribe_token = path.split("/")[-2]
