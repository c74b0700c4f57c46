from tests.pages import RUNNING, get, post

PAGES = {
    "panel:detail": get(RUNNING, "slug"),
    "panel:preset": post(RUNNING, "slug"),
    "panel:criterion_add": get(RUNNING, "slug"),
    "panel:criterion": get(RUNNING, "slug", "criterion"),
    "panel:add_judge": post(RUNNING, "slug"),
    "panel:assign_all": post(RUNNING, "slug"),
    "panel:assign": post(RUNNING, "slug"),
    "panel:unassign": post(RUNNING, "slug", "assignment"),
    "panel:conflict": post(RUNNING, "slug"),
}
