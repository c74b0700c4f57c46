from judging.ballots import desk_work
from judging.ballots.models import Flag
from judging.panel.models import Assignment
from tests.pages import JUDGES, RUNNING, SIGNED_IN, get, post


def furnish(world):
    """The judge has flagged what he reads."""
    assignment = Assignment.objects.get(pk=world.assignment)
    raised = desk_work.flag(world.people["judge"], assignment, kind=Flag.Kind.NO_DEMO)
    world.flag = raised.pk


PAGES = {
    "ballots:dashboard": get(SIGNED_IN),
    "ballots:event": get(JUDGES, "slug"),
    "ballots:progress": get(RUNNING, "slug"),
    "ballots:another": post(JUDGES, "slug"),
    "ballots:pair": get(JUDGES, "slug"),
    "ballots:training": get(JUDGES, "slug"),
    "ballots:settle": post(RUNNING, "slug", "flag"),
    "ballots:sheet": get("judge", "slug", "submission"),
    "ballots:versions": get("judge", "slug", "submission"),
    "ballots:reopen": post("judge", "slug", "submission"),
    "ballots:conflict": post("judge", "slug", "submission"),
    "ballots:skip": post("judge", "slug", "submission"),
    "ballots:abstain": post("judge", "slug", "submission"),
    "ballots:flag": post("judge", "slug", "submission"),
    "ballots:discussion": get(f"judge {RUNNING}", "slug", "submission"),
}
