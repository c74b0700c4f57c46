from tests.pages import READERS, get

PAGES = {
    "reports:panel": get(READERS, "submission"),
    "reports:detail": get(READERS, "slug", "report"),
    "reports:scatter": get(READERS, "slug", "report"),
    "reports:scores": get(READERS, "slug", "report", "kind"),
}
