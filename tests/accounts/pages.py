from tests.pages import SIGNED_IN, get

PAGES = {
    "accounts:profile": get(SIGNED_IN),
}
