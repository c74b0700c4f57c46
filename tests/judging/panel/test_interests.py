"""Conflicts that the site finds by itself."""

import pytest
from django.urls import reverse

from events import actions as events
from events.actions import register
from events.models import Role
from events.rules import has_role
from judging.panel import actions, assigning, conflicts
from judging.panel.interests import domains
from judging.panel.models import Assignment, Conflict
from submissions.entries.models import Author, Submission
from tests.conftest import make_event, make_user
from tests.ideas.pages import hand_in, make_idea, switch_on
from tests.judging.conftest import make_judge
from theme.refusal import Refused

Source = Conflict.Source


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@cs.uni.edu", ["cs.uni.edu", "uni.edu"]),
        ("a@ox.ac.uk", ["ox.ac.uk"]),
        ("a@gmail.com", []),
        ("a@podium.example", []),
        ("a@mail.gmail.com", []),
        ("nonsense", []),
    ],
)
def test_domain_of_an_address_is_that_of_its_institution(email, expected):
    assert domains(email) == expected


def work_at(user, affiliation="", email=""):
    user.affiliation, user.email = affiliation, email or user.email
    user.save()


def found(event):
    return list(Conflict.objects.filter(submission__event=event).values_list("source", "reason"))


@pytest.mark.parametrize(
    ("judges", "authors", "expected"),
    [
        (("Univ. of Graz", ""), ("univ of graz", ""), [(Source.AFFILIATION, "univ of graz")]),
        (("Graz", ""), ("Linz", ""), []),
        (("", "j@cs.uni.edu"), ("", "a@uni.edu"), [(Source.DOMAIN, "uni.edu")]),
        (("", "j@gmail.com"), ("", "a@gmail.com"), []),
        (("", ""), ("", ""), []),
    ],
)
def test_affiliation_and_domain_are_found(
    event, organizer, judge, author, submission, judges, authors, expected
):
    work_at(judge, *judges)
    work_at(author, *authors)
    assert conflicts.find_conflicts(organizer, event) == len(expected)
    assert found(event) == expected


def test_who_shared_a_team_elsewhere_has_a_conflict(event, organizer, judge, author, submission):
    other = make_event("earlier")
    for user in (judge, author):
        events.register(user, other)
    team = events.create_team(author, other, name="Old friends")
    events.join_team(judge, other, code=team.invite_code)
    conflicts.find_conflicts(organizer, event)
    assert found(event) == [(Source.COAUTHOR, "Old friends")]


@pytest.mark.parametrize(
    "address", ["Judge@gmail.com", "ju.dge+kestrel@googlemail.com", "second@example.org"]
)
def test_author_without_an_account_is_known_by_any_of_the_judge_s_addresses(
    event, organizer, judge, submission, address
):
    """OpenReview #301: an author was assigned the own paper, the address was not confirmed."""
    work_at(judge, "", "judge@gmail.com")
    judge.emailaddress_set.create(email="second@example.org", verified=False)
    Author.objects.create(submission=submission, position=9, name="J.", email=address)
    conflicts.find_conflicts(organizer, event)
    assert found(event) == [(Source.AUTHOR, address)]
    with pytest.raises(Refused):
        actions.assign(organizer, submission, judge=judge)


@pytest.mark.parametrize(("slug", "count"), [("tools", 1), ("web", 0)])
def test_mentor_of_the_category_has_a_conflict(event, organizer, judge, submission, slug, count):
    track = event.tracks.get(slug=slug)
    events.grant_role(organizer, event, to=judge, kind=Role.Kind.MENTOR, track=track)
    assert conflicts.find_conflicts(organizer, event) == count
    assert found(event) == [(Source.MENTOR, "Tools")] * count


def test_mentor_of_an_idea_has_a_conflict_with_its_proposals(event, organizer, judge, author):
    switch_on(event)
    events.grant_role(organizer, event, to=judge, kind=Role.Kind.MENTOR)
    mine, theirs = (
        make_idea(organizer, event, one, title=title)
        for one, title in ((judge, "Music"), (None, "Other"))
    )
    proposal = hand_in(author, mine)
    assert conflicts.find_conflicts(organizer, event) == 1
    assert found(event) == [(Source.MENTOR, "Music")]
    assert Conflict.objects.get().submission == proposal
    proposal.for_idea.idea = theirs  # the negative control: another's idea
    proposal.for_idea.save()
    Conflict.objects.all().delete()
    assert conflicts.find_conflicts(organizer, event) == 0


@pytest.mark.parametrize(("decision", "count"), [("confirmed", 1), ("rejected", 0)])
def test_mentor_of_an_authors_earlier_project_has_a_conflict(
    event, other_event, organizer, judge, author, submission, decision, count
):
    switch_on(other_event)
    register(author, other_event)
    owner = make_user("owner")
    for user, kind in ((owner, Role.Kind.OWNER), (judge, Role.Kind.MENTOR)):
        events.grant_role(None, other_event, to=user, kind=kind)
    proposal = hand_in(author, make_idea(owner, other_event, judge, title="Music"))
    Submission.objects.filter(pk=proposal.pk).update(decision=decision)
    assert conflicts.find_conflicts(organizer, event) == count
    assert found(event) == [(Source.MENTOR, "Music")] * count


def test_mentor_of_no_category_is_named_to_the_organizers(sign_in, event, organizer, judge):
    events.grant_role(organizer, event, to=judge, kind=Role.Kind.MENTOR)
    page = sign_in(organizer).get(reverse("panel:detail", args=[event.slug])).content.decode()
    assert "Judge mentors here, too." in page


def test_found_conflict_takes_the_submission_off_the_desk(
    event, organizer, judge, author, assignment
):
    work_at(judge, "Graz")
    work_at(author, "Graz")
    conflicts.find_conflicts(organizer, event)
    assert not Assignment.objects.visible_to(judge).exists()
    assert not Submission.objects.visible_to(judge).exists()
    with pytest.raises(Refused, match="cannot judge"):
        actions.assign(organizer, assignment.submission, judge=judge)


def test_lifted_conflict_stays_lifted_and_gives_the_submission_back(
    event, organizer, judge, author, assignment
):
    work_at(judge, "Graz")
    work_at(author, "Graz")
    conflicts.find_conflicts(organizer, event)
    conflicts.lift_conflict(organizer, Conflict.objects.get())
    assert conflicts.find_conflicts(organizer, event) == 0
    assert Assignment.objects.visible_to(judge).exists()
    assert Submission.objects.visible_to(judge).exists()


def test_what_a_judge_declared_is_not_lifted(event, organizer, judge, submission):
    noted = conflicts.declare_conflict(judge, submission, judge=judge)
    with pytest.raises(Refused):
        conflicts.lift_conflict(organizer, noted)
    assert Conflict.objects.standing().exists()


@pytest.mark.parametrize("who", ["judge", "author", "stranger"])
def test_only_organizers_look_for_conflicts(request, event, submission, judge, who):
    with pytest.raises(Refused):
        conflicts.find_conflicts(request.getfixturevalue(who), event)


def test_assigning_everything_looks_first(event, organizer, judge, author, submission):
    work_at(judge, "Graz")
    work_at(author, "Graz")
    free = make_judge(event, "free")
    made = assigning.assign_all(organizer, event, reviews=2)
    assert {assignment.judge for assignment in made} == {free}
    assert has_role(judge, event, Role.Kind.JUDGE)
