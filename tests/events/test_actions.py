import pytest

from events import actions
from events.models import Membership, Phase, Registration
from notices.models import AuditEntry
from tests.conftest import close_phase, make_user
from theme.refusal import Refused


def test_register_twice_makes_one_registration(event, stranger):
    actions.register(stranger, event)
    actions.register(stranger, event)
    assert Registration.objects.filter(user=stranger).count() == 1
    assert AuditEntry.objects.filter(actor=stranger, verb="register").count() == 1


def test_register_after_the_phase_is_refused(event, stranger):
    close_phase(event, Phase.Kind.REGISTRATION)
    with pytest.raises(Refused) as refused:
        actions.register(stranger, event)
    assert refused.value.code == "registration.closed"
    assert not Registration.objects.filter(user=stranger).exists()


def test_team_needs_registration(event, stranger):
    with pytest.raises(Refused, match="Register"):
        actions.create_team(stranger, event, name="Loners")


def test_second_team_is_refused_and_leaves_nothing(event, team, author):
    with pytest.raises(Refused) as refused:
        actions.create_team(author, event, name="Second")
    assert refused.value.code == "team.already_member"
    assert event.teams.count() == 1


def test_full_team_refuses_one_more(event, team):
    for name in ("ann", "ben"):
        actions.register(user := make_user(name), event)
        actions.join_team(user, event, code=team.invite_code)
    actions.register(late := make_user("cy"), event)
    with pytest.raises(Refused) as refused:
        actions.join_team(late, event, code=team.invite_code)
    assert refused.value.code == "team.full"
    assert team.memberships.count() == event.team_size


def test_code_of_another_event_is_unknown(event, other_event, team):
    actions.register(guest := make_user("guest"), other_event)
    with pytest.raises(Refused) as refused:
        actions.join_team(guest, other_event, code=team.invite_code)
    assert refused.value.code == "invite.unknown"


def test_lead_who_leaves_hands_over_to_the_oldest_member(event, team, author):
    actions.register(second := make_user("second"), event)
    actions.join_team(second, event, code=team.invite_code)
    actions.leave_team(author, team)
    assert Membership.objects.get(team=team).user == second
    assert Membership.objects.get(team=team).leads


def test_last_member_cannot_leave(team, author):
    with pytest.raises(Refused) as refused:
        actions.leave_team(author, team)
    assert refused.value.code == "team.last_member"


def test_cancel_twice_is_refused_and_recorded_once(event, stranger):
    actions.register(stranger, event)
    actions.cancel_registration(stranger, event)
    with pytest.raises(Refused) as refused:
        actions.cancel_registration(stranger, event)
    assert refused.value.code == "registration.none"
    assert AuditEntry.objects.filter(verb="cancel_registration").count() == 1
