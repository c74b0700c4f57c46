from tests.pages import EVERYBODY, get

PAGES = {
    "healthz": get(EVERYBODY),
}
