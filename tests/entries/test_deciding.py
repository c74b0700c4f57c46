"""Talks, posters and proposals: authors in order, limits, and what is decided on them."""

from contextlib import suppress
from itertools import product

import pytest
from django.urls import reverse

from notices.models import AuditEntry
from submissions.entries import actions, deciding
from submissions.entries.entry_types import TALK, create_type, use_default_types
from submissions.entries.models import TRANSITIONS, Decision, DraftDecision, Submission
from theme.refusal import Refused

TEXT = {"title": "TorchAudio", "summary": "Sound.", "description": "How it is heard."}


@pytest.fixture
def talk_type(event, organizer):
    return create_type(organizer, event, **TALK)


@pytest.fixture
def talk(event, author, talk_type):
    draft = actions.create_draft(author, event, entry_type=talk_type, **TEXT)
    actions.submit(author, draft)
    draft.refresh_from_db()
    return draft


@pytest.mark.parametrize(
    ("kind", "switched", "slugs"),
    [
        ("hackathon", {}, ["project"]),
        ("conference", {}, ["talk", "poster"]),
        ("programme", {}, ["proposal"]),
        ("hackathon", {"posters": True, "projects": False}, ["poster"]),
        ("conference", {"talks": False, "projects": True}, ["project", "poster"]),
        ("hackathon", {"projects": False}, []),
    ],
)
def test_default_types_are_those_of_what_the_event_has(event, kind, switched, slugs):
    event.entry_types.all().delete()
    event.kind, event.switched = kind, switched
    for _again in range(2):
        assert [one.slug for one in use_default_types(None, event)] == slugs


def test_kind_switched_on_later_comes_and_one_switched_off_is_not_offered(
    sign_in, author, event, draft
):
    event.switched = {"posters": True, "projects": False}
    event.save()
    browser = sign_in(author)
    assert (
        "Write a poster" in browser.get(reverse("entries:mine", args=[event.slug])).content.decode()
    )
    assert [one.slug for one in event.entry_types.all()] == ["project", "poster"]
    assert browser.get(reverse("entries:write", args=[event.slug, "poster"])).status_code == 200
    with pytest.raises(Refused) as refused:
        actions.create_draft(author, event, entry_type=draft.entry_type, **TEXT)
    assert refused.value.code == "submission.not_offered"
    assert actions.submit(author, draft).number == 1  # what is begun may be finished


def test_event_that_takes_nothing_says_so_with_404(sign_in, author, event):
    event.entry_types.all().delete()
    event.switched = {"projects": False}
    event.save()
    assert sign_in(author).get(reverse("entries:create", args=[event.slug])).status_code == 404


def test_type_by_somebody_who_does_not_run_the_event_is_refused(author, event):
    with pytest.raises(Refused) as refused:
        create_type(author, event, **TALK)
    assert refused.value.code == "entry_type.not_yours"


def test_authors_stand_in_order_and_need_no_account(author, rival, event, talk_type):
    told = [
        {"name": "First", "email": author.email, "affiliation": "Here"},
        {"name": "Second", "email": "nobody@example.org", "presents": True},
        {"name": "Third", "email": rival.email.upper()},
    ]
    draft = actions.create_draft(author, event, entry_type=talk_type, authors=told, **TEXT)
    assert draft.byline == "First, Second, Third"
    assert [one.user for one in draft.authors.all()] == [author, None, rival]
    assert draft in Submission.objects.visible_to(rival)
    version = actions.submit(rival, draft)
    assert [one["affiliation"] for one in version.authors] == ["Here", "", ""]
    assert "First" not in str(version.content)


def test_authors_without_the_writer_are_refused(author, talk):
    with pytest.raises(Refused) as refused:
        actions.set_authors(author, talk, authors=[{"name": "Else", "email": "e@example.org"}])
    assert refused.value.code == "authors.without_you"
    assert talk.byline == "Author"


def test_limit_of_a_person_counts_what_is_not_withdrawn(author, event, talk, talk_type):
    talk_type.per_person = 1
    talk_type.save()
    with pytest.raises(Refused, match="You have 1 already, and 1 is the most") as refused:
        actions.create_draft(author, event, entry_type=talk_type, **TEXT)
    assert refused.value.code == "submission.too_many"
    actions.withdraw(author, talk)
    assert actions.create_draft(author, event, entry_type=talk_type, **TEXT)


def test_type_of_another_event_is_refused(author, event, other_event, talk_type):
    foreign = other_event.entry_types.get()
    with pytest.raises(Refused) as refused:
        actions.create_draft(author, event, entry_type=foreign, **TEXT)
    assert refused.value.code == "submission.foreign_type"


def takes(user, talk, was, to):
    """Whether this person brings the talk from one state to the other."""
    Submission.objects.filter(pk=talk.pk).update(decision=was)
    with suppress(Refused):
        deciding.move(user, talk, to=to)
    talk.refresh_from_db()
    return talk.decision == to != was


def test_steps_are_those_of_the_table_each_by_whom_it_is_for(organizer, author, rival, talk):
    for was, to in product(Decision.values, Decision.values):
        answers = to in (Decision.CONFIRMED, Decision.DECLINED)
        leads = to in TRANSITIONS[was]
        assert takes(author, talk, was, to) == (leads and answers)
        assert takes(organizer, talk, was, to) == (leads and not answers)
        assert not takes(rival, talk, was, to)
    assert AuditEntry.objects.filter(verb="move", thing_id=str(talk.pk)).exists()


def test_project_is_never_decided(organizer, submission):
    with pytest.raises(Refused):
        deciding.draft_decision(organizer, submission, decision=Decision.ACCEPTED)


def test_drafted_decision_changes_nothing_until_it_is_released(organizer, event, talk):
    deciding.draft_decision(organizer, talk, decision=Decision.ACCEPTED)
    assert not Submission.objects.accepted().exists()
    assert deciding.release(organizer, event) == 1
    assert talk in Submission.objects.accepted()
    assert talk not in Submission.objects.confirmed()
    assert not DraftDecision.objects.exists()
    assert deciding.release(organizer, event) == 0


def test_confirmed_talk_counts_as_accepted_until_it_is_withdrawn(organizer, author, talk):
    deciding.move(organizer, talk, to=Decision.ACCEPTED)
    deciding.confirm(author, talk)
    assert talk in Submission.objects.confirmed()
    assert talk in Submission.objects.accepted()
    Submission.objects.filter(pk=talk.pk).update(state=Submission.State.WITHDRAWN)
    assert not Submission.objects.accepted().exists()


def test_release_by_a_participant_is_refused(author, organizer, event, talk):
    deciding.draft_decision(organizer, talk, decision=Decision.REJECTED)
    with pytest.raises(Refused):
        deciding.release(author, event)
    assert DraftDecision.objects.exists()
