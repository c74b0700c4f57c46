import pytest
from django.db import IntegrityError, transaction

from events import actions as events
from events.models import Phase, Role
from events.rules import is_judge
from judging.ballots import actions as ballots
from judging.panel import actions, assigning, conflicts, judges, planning
from judging.panel.models import Assignment, Conflict, Criterion, invited_to_judge
from judging.panel.pairs import read_pairs, separate_panels
from notices.models import AuditEntry, Mail
from submissions.entries.models import Submission
from tests.conftest import close_phase
from tests.judging.conftest import make_judge, make_submission
from theme.refusal import Refused


def test_preset_gives_the_four_criteria_with_anchors_for_each_step(event, criteria):
    assert [c.name for c in event.criteria.all()] == [
        "Quality of the idea",
        "Originality",
        "Potential impact",
        "Implementation",
    ]
    assert all(len(c.anchors) == c.steps == 5 for c in criteria)


def test_preset_is_not_laid_over_criteria_that_exist(event, organizer, criteria):
    with pytest.raises(Refused) as refused:
        actions.use_reference_criteria(organizer, event)
    assert refused.value.code == "criteria.exist"
    assert event.criteria.count() == 4


def test_criteria_stay_as_they_are_once_judging_is_open(event, organizer, criteria):
    criteria[0].name = "Something else"
    with pytest.raises(Refused) as refused:
        actions.save_criterion(organizer, criteria[0])
    assert refused.value.code == "criteria.fixed"
    close_phase(event, Phase.Kind.JUDGING)
    actions.save_criterion(organizer, criteria[0])
    assert event.criteria.filter(name="Something else").exists()


def test_assign_lets_the_judge_read_it(organizer, judge, submission):
    assert not Submission.objects.visible_to(judge).filter(pk=submission.pk).exists()
    actions.assign(organizer, submission, judge=judge)
    actions.assign(organizer, submission, judge=judge)
    assert Submission.objects.visible_to(judge).filter(pk=submission.pk).exists()
    assert AuditEntry.objects.filter(verb="assign").count() == 1


def test_assign_refuses_a_draft(organizer, judge, draft):
    with pytest.raises(Refused) as refused:
        actions.assign(organizer, draft, judge=judge)
    assert refused.value.code == "assignment.not_submitted"


def test_assign_refuses_a_judge_of_the_own_team(event, organizer, author, submission):
    events.grant_role(organizer, event, to=author, kind=Role.Kind.JUDGE)
    with pytest.raises(Refused) as refused:
        actions.assign(organizer, submission, judge=author)
    assert refused.value.code == "assignment.conflict"


def test_assign_refuses_who_is_no_judge(organizer, submission, stranger):
    with pytest.raises(Refused):
        actions.assign(organizer, submission, judge=stranger)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("who", ["judge", "author", "stranger"])
def test_verbs_of_the_panel_are_the_organizers(request, event, submission, judge, who):
    user = request.getfixturevalue(who)
    attempts = [
        lambda: actions.use_reference_criteria(user, event),
        lambda: judges.add_judge(user, event, email=user.email),
        lambda: actions.assign(user, submission, judge=judge),
        lambda: assigning.assign_all(user, event, reviews=1),
        lambda: actions.save_criterion(user, Criterion(event=event, name="x", question="?")),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    assert not Assignment.objects.exists()
    assert not event.criteria.exists()


def test_add_judge_finds_the_account_whatever_the_case(event, organizer, stranger):
    role = judges.add_judge(organizer, event, email=" Stranger@Example.org ")
    assert (role.user, role.kind) == (stranger, Role.Kind.JUDGE)


def test_add_judge_without_an_account_invites_by_mail_and_the_link_makes_a_judge(
    event, organizer, stranger
):
    invitation = judges.add_judge(organizer, event, email="nobody@example.org")
    assert Mail.objects.get().address == "nobody@example.org"
    assert list(invited_to_judge(event)) == [invitation]
    events.redeem(stranger, event, code=invitation.code)
    assert is_judge(stranger, event)
    assert not invited_to_judge(event)


def test_add_judge_who_is_invited_already_is_refused(event, organizer):
    judges.add_judge(organizer, event, email="nobody@example.org")
    with pytest.raises(Refused, match="invited already"):
        judges.add_judge(organizer, event, email="Nobody@example.org")


def test_add_judge_notes_an_interest_at_once(event, organizer, submission, author, stranger):
    """HotCRP's users ask for it: whoever comes is checked before anything is assigned."""
    for user in (author, stranger):
        user.affiliation = "Institute of Kestrels"
        user.save()
    judges.add_judge(organizer, event, email=stranger.email)
    assert Conflict.objects.get().judge == stranger


def test_assign_all_spreads_evenly_and_spares_conflicts(event, organizer, judge, second_judge):
    make_judge(event, "third")
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat")]
    conflicts.declare_conflict(judge, submissions[0], judge=judge)
    assigning.assign_all(organizer, event, reviews=2)
    active = Assignment.objects.of(event).active()
    assert [active.filter(submission=s).count() for s in submissions] == [2, 2, 2]
    assert not active.filter(submission=submissions[0], judge=judge).exists()
    assert active.filter(judge=judge).count() == 2
    assert assigning.assign_all(organizer, event, reviews=2) == []


def cut_in_two(event, organizer, judge, second_judge):
    """Two judges who each stand aside from half of the submissions."""
    submissions = [make_submission(event, title) for title in ("Ant", "Bee", "Cat", "Dog")]
    for submission in submissions[:2]:
        conflicts.declare_conflict(organizer, submission, judge=judge)
    for submission in submissions[2:]:
        conflicts.declare_conflict(organizer, submission, judge=second_judge)


def test_assign_all_leaves_no_judge_unconnected(event, organizer, judge, second_judge):
    cut_in_two(event, organizer, judge, second_judge)
    assigning.assign_all(organizer, event, reviews=1)
    assert len(separate_panels(read_pairs(event))) == 2  # as the conflicts want it
    link = make_judge(event, "link")
    assigning.assign_all(organizer, event, reviews=1)
    assert [set(panel) for panel in separate_panels(read_pairs(event))] == [
        {judge, second_judge, link}
    ]


def test_without_connect_one_review_each_leaves_judges_apart(
    event, organizer, judge, second_judge, monkeypatch
):
    """Negative control."""
    for title in ("Ant", "Bee"):
        make_submission(event, title)
    monkeypatch.setattr(planning, "connect", lambda new, _allowed, _assigned, room: new)
    assigning.assign_all(organizer, event, reviews=1)
    assert len(separate_panels(read_pairs(event))) == 2
    monkeypatch.undo()
    assigning.assign_all(organizer, event, reviews=1)
    assert len(separate_panels(read_pairs(event))) == 1


def test_assignment_says_why_it_was_sent(event, organizer, judge, assignment, second_judge):
    assert assignment.why == "assigned by hand"
    [made] = assigning.assign_all(organizer, event, reviews=2)
    assert made.why == "assigned with all others, loads even"
    made.reason = Assignment.Reason.FIRST
    assert made.why == "close contender for first place in Tools"


def test_assign_all_without_judges_says_so(event, organizer, submission):
    with pytest.raises(Refused) as refused:
        assigning.assign_all(organizer, event, reviews=2)
    assert refused.value.code == "assignment.nothing"


def test_unassign_takes_the_right_to_read_away(organizer, judge, assignment, submission):
    actions.unassign(organizer, assignment)
    assert not Submission.objects.visible_to(judge).filter(pk=submission.pk).exists()


def test_unassign_with_a_ballot_is_refused_and_changes_nothing(
    organizer, judge, assignment, submission
):
    ballots.save_draft(judge, assignment, scores={})
    with pytest.raises(Refused) as refused:
        actions.unassign(organizer, assignment)
    assert refused.value.code == "assignment.has_ballot"
    assert Submission.objects.visible_to(judge).filter(pk=submission.pk).exists()


def test_conflict_takes_the_submission_off_the_desk(judge, assignment, submission):
    conflicts.declare_conflict(judge, submission, judge=judge, reason="My cousin wrote it.")
    assert not Assignment.objects.visible_to(judge).exists()
    assert not Submission.objects.visible_to(judge).filter(pk=submission.pk).exists()
    assert Assignment.objects.filter(pk=assignment.pk).exists()


def test_conflict_of_another_judge_is_not_mine_to_declare(judge, second_judge, submission):
    with pytest.raises(Refused) as refused:
        conflicts.declare_conflict(second_judge, submission, judge=judge)
    assert refused.value.code == "conflict.not_yours"
    assert not Conflict.objects.exists()


def test_judge_who_lost_the_role_has_an_empty_desk(event, judge, assignment):
    event.roles.filter(user=judge).delete()
    assert not Assignment.objects.visible_to(judge).exists()


def test_database_refuses_a_second_assignment_of_a_pair(judge, assignment):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(judge=judge, submission=assignment.submission)
