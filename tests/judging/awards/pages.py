from tests.pages import NOBODY, OWNING, RUNNING, get, post

PAGES = {
    "awards:ranking": get(RUNNING, "slug"),
    "awards:propose": post(RUNNING, "slug"),
    "awards:award": post(RUNNING, "slug"),
    "awards:ask": post(RUNNING, "slug"),
    "awards:publish": post(RUNNING, "slug"),
    "awards:unpublish": post(OWNING, "slug"),
    "awards:comments": get(NOBODY, "slug"),  # the teams, once the results are published
    "awards:results": get(OWNING, "slug"),  # a rehearsal, until it is published
}
