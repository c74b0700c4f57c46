from judging.panel import actions, conflicts
from tests.pages import JUDGES, RUNNING, get, post


def furnish(world):
    """Judges may compare and discuss; one of them has a conflict with it."""
    organizer, judge = world.people["organizer"], world.people["judge"]
    actions.set_up(organizer, world.event, pairs=True, discussion=True)
    submission = world.event.submissions.get(pk=world.submission)
    bystander = world.people["bystander"]
    noted = conflicts.declare_conflict(organizer, submission, judge=bystander)
    world.conflict, world.judge_pk = noted.pk, judge.pk


PAGES = {
    "panel:detail": get(RUNNING, "slug"),
    "panel:settings": get(RUNNING, "slug"),
    "panel:preset": post(RUNNING, "slug"),
    "panel:criterion_add": get(RUNNING, "slug"),
    "panel:criterion": get(RUNNING, "slug", "criterion"),
    "panel:criterion_remove": post(RUNNING, "slug", "criterion"),
    "panel:examples": get(RUNNING, "slug"),
    "panel:add_judge": post(RUNNING, "slug"),
    "panel:judge": get(RUNNING, "slug", "judge_pk"),
    "panel:replace": post(RUNNING, "slug", "judge_pk"),
    "panel:plan": post(RUNNING, "slug"),
    "panel:assign_all": post(RUNNING, "slug"),
    "panel:assign": post(RUNNING, "slug"),
    "panel:unassign": post(RUNNING, "slug", "assignment"),
    "panel:conflict": post(RUNNING, "slug"),
    "panel:find_conflicts": post(RUNNING, "slug"),
    "panel:lift_conflict": post(RUNNING, "slug", "conflict"),
    "panel:spots": post(RUNNING, "slug"),
    "panel:expertise": get(JUDGES, "slug"),
}
