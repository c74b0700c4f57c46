"""The list of ideas: who writes and sees them, what is found, what comes out of a file again."""

import pytest
from django.urls import reverse

from events import actions as events
from events import exchange as whole
from events.models import Role
from notices.models import AuditEntry
from submissions.ideas import actions, exchange, rules
from submissions.ideas.models import Idea
from tests.conftest import make_user
from tests.ideas.pages import make_idea, switch_on
from theme.refusal import Refused


@pytest.fixture
def mentor(event):
    user = make_user("mentor")
    events.grant_role(None, event, to=user, kind=Role.Kind.MENTOR)
    return user


@pytest.fixture
def idea(event, organizer, mentor):
    switch_on(event)
    return make_idea(organizer, event, mentor, required_skills="C++, CUDA", difficulty="hard")


def address(name, event, *more):
    return reverse(f"ideas:{name}", args=[event.slug, *more])


def sent(**told):
    rows = {"mentors-TOTAL_FORMS": "1", "mentors-INITIAL_FORMS": "0"}
    rows |= {"resources-TOTAL_FORMS": "1", "resources-INITIAL_FORMS": "0"}
    return rows | {"title": "Music", "description": "Let it write.", "position": "2"} | told


def test_draft_is_seen_by_its_mentors_and_organizers_only(event, organizer, mentor, stranger):
    switch_on(event)
    other = make_user("other")
    events.grant_role(None, event, to=other, kind=Role.Kind.MENTOR)
    idea = make_idea(organizer, event, mentor, published=False)
    seen = {u: Idea.objects.visible_to(u).exists() for u in (organizer, mentor, other, stranger)}
    assert seen == {organizer: True, mentor: True, other: False, stranger: False}
    actions.set_published(organizer, idea, on=True)
    assert Idea.objects.visible_to(stranger).get() == idea


def test_other_mentor_may_not_edit_and_mentor_may_not_publish(event, idea, mentor, author):
    other = make_user("other")
    events.grant_role(None, event, to=other, kind=Role.Kind.MENTOR)
    actions.save_idea(mentor, event, idea=idea, outcomes="A renderer.")
    for user in (other, author):
        with pytest.raises(Refused, match="Only organizers and its mentors"):
            actions.save_idea(user, event, idea=idea, title="Mine")
    with pytest.raises(Refused, match="Only organizers publish"):
        actions.set_published(mentor, idea, on=False)
    idea.refresh_from_db()
    assert (idea.title, idea.outcomes, idea.published) == ("Rendering", "A renderer.", True)
    changed = AuditEntry.objects.filter(verb="save_idea").order_by("-pk").first()
    assert changed.details == {"outcomes": ["", "A renderer."]}


def test_mentor_who_begins_an_idea_is_its_mentor(event, mentor, sign_in):
    switch_on(event)
    answer = sign_in(mentor).post(address("create", event), sent())
    made = Idea.objects.get()
    assert answer.status_code == 302
    assert (made.published, made.mentors.get().user) == (False, mentor)


def test_organizer_writes_mentors_and_resources_on_the_form(
    event, idea, organizer, mentor, sign_in
):
    told = sent(
        **{
            "mentors-0-name": "Somebody",
            "mentors-0-user": str(mentor.pk),
            "resources-0-address": "example.org/read",
        }
    )
    sign_in(organizer).post(address("edit", event, idea.pk), told)
    idea.refresh_from_db()
    assert (idea.title, str(idea.mentors.get()), idea.mentors.get().user) == (
        "Music",
        "Somebody",
        mentor,
    )
    assert idea.resources.get().link.host == "example.org"
    assert b"Somebody" in sign_in(None).get(idea.get_absolute_url()).content


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"title": ""}, "This field is required"),
        ({"resources-0-address": "javascript:alert(1)"}, "Write a full web address"),
        ({"resources-0-address": "https://good@evil.example"}, "stands before the @"),
        ({"mentors-0-name": "A", "mentors-0-link": "https://127.0.0.1/"}, "instead of its number"),
        ({"mentors-0-name": "A", "mentors-0-user": "999999"}, "not one of the available choices"),
        ({"title": "Rendering"}, "There is an idea of this title already."),
        ({"difficulty": "impossible"}, "not one of the available choices"),
    ],
)
def test_bad_input_is_told_and_kept(event, idea, organizer, sign_in, told, sentence):
    page = sign_in(organizer).post(address("create", event), sent(**told))
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "Let it write." in page.content.decode()
    assert Idea.objects.get() == idea


def test_account_without_the_role_cannot_be_named(event, idea, organizer, stranger):
    with pytest.raises(Refused, match="not a mentor of this event"):
        actions.save_idea(organizer, event, idea=idea, mentors=[{"name": "S", "user": stranger}])
    assert rules.is_mentor(idea.mentors.get().user, idea)


def test_list_finds_by_words_difficulty_and_skill(event, idea, organizer, sign_in):
    make_idea(organizer, event, title="Music", required_skills="Python", description="Sound")

    def titles(query):
        page = sign_in(None).get(address("list", event) + query)
        return [one.title for one, _count in page.context["cards"]]

    found = {
        query: titles(query)
        for query in (
            "",
            "?q=draw meshes",
            "?difficulty=hard",
            "?difficulty=none",
            "?skill=python",
            "?q=nothing",
        )
    }
    assert found == {
        "": ["Rendering", "Music"],
        "?q=draw meshes": ["Rendering"],
        "?difficulty=hard": ["Rendering"],
        "?difficulty=none": ["Music"],
        "?skill=python": ["Music"],
        "?q=nothing": [],
    }


def test_event_without_ideas_has_no_list(event, sign_in):
    assert sign_in(None).get(address("list", event)).status_code == 404


def test_file_comes_out_as_it_went_in(event, other_event, idea, organizer):
    links = [{"label": "Read", "address": "https://example.org/read"}]
    actions.save_idea(organizer, event, idea=idea, resources=links, several_students=True)
    make_idea(organizer, event, title="Music", published=False)
    told = exchange.dump(event)
    events.grant_role(None, other_event, to=organizer, kind=Role.Kind.OWNER)
    exchange.load(organizer, other_event, told)
    assert exchange.dump(other_event) == told
    assert told[0]["mentors"] == [{"name": "Mentor"}]
    assert whole.export_event(event)["ideas"] == told


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({}, "must be a list"),
        (["Music"], "ideas 1: knows only"),
        ([{"title": "A", "accounts": []}], "ideas 1: knows only"),
        ([{"title": 3}], "ideas 1: title is of the wrong kind"),
        ([{"title": "A", "mentors": [{"name": "B", "user": 1}]}], "ideas 1: knows only"),
        ([{"title": "A", "resources": [{"address": "file:///etc"}]}], "ideas 1: address"),
        ([{"title": "A", "difficulty": "odd"}], "ideas 1: difficulty"),
        ([{"title": "A", "published": True}], "ideas 1: Describe the idea first"),
    ],
)
def test_bad_file_is_refused_with_the_place(event, organizer, told, place):
    with pytest.raises(Refused, match=place):
        exchange.load(organizer, event, told)
