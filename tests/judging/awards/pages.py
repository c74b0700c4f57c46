from judging.awards import prizes
from tests.pages import NOBODY, OWNING, RUNNING, get, post


def furnish(world):
    submission = world.event.submissions.get(pk=world.submission)
    made = prizes.set_prize(
        world.people["organizer"], world.event, name="Best data", submission=submission
    )
    world.prize = made.pk


PAGES = {
    "awards:ranking": get(RUNNING, "slug"),
    "awards:why": get(RUNNING, "slug", "submission"),
    "awards:propose": post(RUNNING, "slug"),
    "awards:award": post(RUNNING, "slug"),
    "awards:prize": post(RUNNING, "slug"),
    "awards:remove_prize": post(RUNNING, "slug", "prize"),
    "awards:award_votes": post(RUNNING, "slug"),
    "awards:ask": post(RUNNING, "slug"),
    "awards:freeze": post(RUNNING, "slug"),
    "awards:confirm": post(RUNNING, "slug"),
    "awards:release": post(RUNNING, "slug"),
    "awards:publish": post(RUNNING, "slug"),
    "awards:unpublish": post(OWNING, "slug"),
    "awards:comments": get(NOBODY, "slug"),  # the teams, once the results are published
    "awards:certificate": get(NOBODY, "slug", "submission"),  # its authors, then
    "awards:results": get(OWNING, "slug"),  # a rehearsal, until it is published
    "awards:results_json": get(NOBODY, "slug"),  # everybody, then
}
