"""Invitations: personal links, codes for many, lists; and who may use what how often."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions, invitation_list
from events.models import Event, Invitation, Redemption, Registration, Role
from notices.models import Mail
from tests.conftest import make_user
from theme.refusal import Refused


@pytest.fixture
def guest(db):
    return make_user("guest")


def test_personal_invitation_is_mailed_and_gives_a_place_to_confirm(event, organizer, guest):
    event.admission = Event.Admission.INVITATION
    event.save()
    with pytest.raises(Refused, match="by invitation only"):
        actions.register(guest, event)
    invitation = actions.invite(organizer, event, email="Guest@Example.org", name="Guest")
    assert invitation.get_absolute_url() in Mail.objects.get(address="guest@example.org").text
    actions.redeem(guest, event, code=invitation.code)
    assert Registration.objects.get(user=guest).state == "offered"
    actions.confirm(guest, event)
    assert Registration.objects.get(user=guest).invitation == invitation


def test_own_invitation_again_changes_nothing(event, organizer, guest):
    invitation = actions.invite(organizer, event, uses=1)
    actions.redeem(guest, event, code=invitation.code)
    actions.redeem(guest, event, code=invitation.code)
    invitation.refresh_from_db()
    assert (invitation.used, Redemption.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"used": 1}, "invite.used", "used already"),
        ({"expires_at": timedelta(seconds=-1)}, "invite.expired", "valid until"),
        ({"withdrawn_at": timedelta()}, "invite.withdrawn", "withdrew"),
    ],
)
def test_link_that_is_over_explains_itself(
    event, organizer, guest, sign_in, change, code, sentence
):
    """B69; on the page as by the verb."""
    invitation = actions.invite(organizer, event)
    now = timezone.now()
    told = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    Invitation.objects.update(**told)
    with pytest.raises(Refused, match=sentence) as refused:
        actions.redeem(guest, event, code=invitation.code)
    assert refused.value.code == code
    assert sentence in sign_in(guest).get(invitation.get_absolute_url()).content.decode()
    assert not Registration.objects.filter(user=guest).exists()


def test_code_of_another_event_is_unknown(event, other_event, organizer, guest):
    invitation = actions.invite(organizer, event, uses=5)
    with pytest.raises(Refused) as refused:
        actions.redeem(guest, other_event, code=invitation.code)
    assert refused.value.code == "invite.unknown"


@pytest.mark.parametrize(
    ("kind", "places"), [("judge", 0), ("track_lead", 0), ("speaker", 1), ("mentor", 1)]
)
def test_invitation_gives_its_role(event, track, organizer, guest, kind, places):
    invitation = actions.invite(organizer, event, role=kind, track=track)
    actions.redeem(guest, event, code=invitation.code)
    role = Role.objects.get(user=guest)
    assert (role.kind, role.track) == (kind, track)
    assert Registration.objects.filter(user=guest).count() == places


def test_organizer_who_is_no_owner_cannot_invite_an_owner(event, organizer):
    helper = make_user("helper")
    actions.grant_role(organizer, event, to=helper, kind=Role.Kind.ORGANIZER)
    actions.invite(helper, event, role=Role.Kind.JUDGE)
    with pytest.raises(Refused) as refused:
        actions.invite(helper, event, role=Role.Kind.OWNER)
    assert refused.value.code == "invite.not_yours"


def test_guessing_codes_is_stopped_after_ten(event, organizer, guest, sign_in):
    """B68: also the right code opens nothing then, and another person is not hindered by it."""
    right = actions.invite(organizer, event).get_absolute_url()
    browser = sign_in(guest)
    answers = [
        browser.get(reverse("events:invitation", args=[event.slug, f"wrong-{n}"])).status_code
        for n in range(11)
    ]
    assert answers == [404] * 10 + [429]
    assert browser.get(right).status_code == 429
    elsewhere = sign_in(make_user("other")).get(right, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_codes_are_too_many_to_guess(event, organizer):
    """B68: 96 random bits."""
    codes = {actions.invite(organizer, event).code for _n in range(20)}
    assert len(codes) == 20
    assert min(map(len, codes)) >= 16


LIST = """email,name,role,track
ann@example.org,Ann,,
not an address,Ben,,
ann@example.org,Ann again,,
cy@example.org,Cy,pilot,
dee@example.org,Dee,track_lead,
eve@example.org,Eve,judge,nowhere
fay@example.org,Fay,judge,tools,more
"""


def test_list_is_tried_out_with_every_problem_by_line(event, organizer):
    lines = invitation_list.read(organizer, event, LIST)
    problems = {line.number: " ".join(line.problems) for line in lines if line.problems}
    assert set(problems) == {3, 4, 5, 6, 7, 8}
    assert "is not an e-mail address" in problems[3]
    assert "The same as line 2" in problems[4]
    assert "“pilot” is not a role" in problems[5]
    assert "needs a category" in problems[6]
    assert "no category “nowhere”" in problems[7]
    assert "more values than columns" in problems[8]
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name,role\nAnn,judge\n", "first line names the columns"),
        ("email,age\na@example.org,5\n", "first line names the columns"),
        ('email\n"a@example.org\n', "not CSV"),
    ],
)
def test_list_that_is_none_says_so(event, organizer, text, problem):
    (line,) = invitation_list.read(organizer, event, text)
    assert problem in " ".join(line.problems)


def test_page_tries_out_first_and_sends_then(event, organizer, sign_in):
    browser, url = sign_in(organizer), reverse("events:invitation_import", args=[event.slug])
    wrong = browser.post(url, {"text": LIST, "send": "1"})
    assert "Line 5" in wrong.content.decode()
    assert LIST.splitlines()[1] in wrong.content.decode()  # what was typed is still there
    good = {"text": "email,role\nann@example.org,judge\nben@example.org,\n"}
    assert "2 people, no problem" in browser.post(url, good).content.decode()
    assert not Invitation.objects.exists()
    assert browser.post(url, good | {"send": "1"}).status_code == 302
    assert {i.email: i.role for i in Invitation.objects.all()} == {
        "ann@example.org": "judge",
        "ben@example.org": "",
    }
    assert Mail.objects.filter(template="events/mail/invitation").count() == 2
