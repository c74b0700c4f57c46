"""Organizers say on pages what is handed in."""

import re
from html import unescape

import pytest
from django.urls import reverse

from submissions.entries import actions, deciding, entry_types
from submissions.entries.entry_types import TALK, create_type
from submissions.entries.models import Decision, EntryType
from submissions.entries.models.entry_type import USUAL
from theme.refusal import Refused

CURRENT = re.compile(r'aria-current="page">([^<]+)</a>')


@pytest.fixture
def kind(event, organizer) -> EntryType:
    return create_type(organizer, event, **TALK)


def url(page, event, *more):
    return reverse(f"entries:{page}", args=[event.slug, *more])


def filled(**changed):
    told = {"name": "Talk", "belongs_to": "authors", "grace": "5", "at_deadline": "hand_in"}
    told |= {f"limit_{name}": limit for name, (_needed, limit) in USUAL.items()}
    return told | {"ask_title": "required", "ask_summary": "optional"} | changed


def test_type_is_added_and_edited_on_pages(sign_in, organizer, event):
    browser = sign_in(organizer)
    told = {"name": "Lightning talk", "kind": "talk", "belongs_to": "authors"}
    browser.post(url("types", event), told)
    changed = filled(name="Short", limit_summary="90", decided="on", blind="on", per_person="2")
    tracks = [event.tracks.get(slug="web").pk]
    answer = browser.post(
        url("type", event, "lightning-talk"),
        changed
        | {"uses_tracks": "on", "tracks": tracks}
        | {"opens_at": "2031-01-01T10:00", "closes_at": "2031-01-02T10:00"},
        follow=True,
    )
    assert "Saved." in answer.content.decode()
    made = event.entry_types.get(slug="lightning-talk")
    assert (made.name, made.blind, made.decided, made.per_person) == ("Short", True, True, 2)
    assert list(made.asked) == ["title", "summary"]
    assert made.asked["summary"] == {"required": False, "limit": 90}
    assert [track.slug for track in made.tracks.all()] == ["web"]
    assert made.closes_at.year == 2031
    assert made.grace.total_seconds() == 300


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"opens_at": "2031-01-01T10:00"}, "Give both times, or none."),
        ({"opens_at": "2031-01-02T10:00", "closes_at": "2031-01-01T10:00"}, "before it opens"),
        ({"per_team": "1"}, "Only what belongs to a team"),
        ({"limit_title": "9999"}, "less than or equal to 250"),
    ],
)
def test_type_that_cannot_be_is_refused_with_a_sentence(
    sign_in, organizer, event, kind, changed, said
):
    answer = sign_in(organizer).post(url("type", event, "talk"), filled(name="Other", **changed))
    page = unescape(answer.content.decode())
    assert said in page
    assert 'value="Other"' in page
    kind.refresh_from_db()
    assert kind.name == "Talk"


def test_question_is_asked_changed_and_kept_once_it_has_answers(
    sign_in, organizer, author, event, kind
):
    browser = sign_in(organizer)
    told = {"new-label": "Level?", "new-shape": "choice", "new-limit": 50, "new-unit": "words"}
    page = browser.post(url("type", event, "talk"), told | {"add_question": 1}).content.decode()
    assert "at least two choices" in page
    told |= {"new-choices": "new\nold", "add_question": 1}
    browser.post(url("type", event, "talk"), told)
    asked = kind.questions.get(slug="level")
    assert asked.choices == ["new", "old"]
    changed = {"label": "Which level?", "shape": "line", "limit": 9, "unit": "words"}
    browser.post(url("question", event, "talk", asked.pk), changed)
    asked.refresh_from_db()
    assert (asked.slug, asked.label, asked.choices) == ("level", "Which level?", [])
    draft = actions.create_draft(author, event, entry_type=kind, title="T", answers={"level": "x"})
    remove = url("question_remove", event, "talk", asked.pk)
    page = unescape(browser.post(remove, follow=True).content.decode())
    assert "“Which level?” has answers already" in page
    type(draft).objects.filter(pk=draft.pk).update(answers={"level": ""})
    browser.post(remove)
    assert not kind.questions.exists()


def test_whose_it_is_and_decisions_stay_once_rows_lean_on_them(organizer, author, event, kind):
    draft = actions.create_draft(
        author, event, entry_type=kind, title="T", summary="S", description="D"
    )
    with pytest.raises(Refused) as refused:
        entry_types.change_type(organizer, kind, belongs_to="person")
    assert refused.value.code == "entry_type.in_use"
    actions.submit(author, draft)
    entry_types.change_type(organizer, kind, decided=False)
    entry_types.change_type(organizer, kind, decided=True)
    draft.refresh_from_db()
    deciding.move(organizer, draft, to=Decision.ACCEPTED)
    with pytest.raises(Refused) as refused:
        entry_types.change_type(organizer, kind, decided=False)
    assert refused.value.code == "entry_type.in_use"


def test_others_change_nothing(author, event, kind):
    question = kind.questions.create(slug="q", label="Q?")
    for verb, thing in (
        (entry_types.change_type, kind),
        (entry_types.add_question, kind),
        (entry_types.change_question, question),
        (entry_types.remove_question, question),
    ):
        with pytest.raises(Refused) as refused:
            verb(author, thing)
        assert refused.value.code == "entry_type.not_yours"


def test_card_counts_each_type(sign_in, organizer, author, event, submission, kind):
    actions.create_draft(author, event, entry_type=kind, title="T")
    page = " ".join(sign_in(organizer).get(url("card", event)).content.decode().split())
    assert f'{url("list", event)}?type=project">Project</a>: 0 being written, 1 handed in' in page
    assert "Talk</a>: 1 being written, 0 handed in, 0 decided" in page
    console = sign_in(organizer).get(reverse("events:console", args=[event.slug]))
    assert url("types", event) in console.content.decode()


@pytest.mark.parametrize(("path", "tab"), [("", "Submissions"), ("mine/", "Your submissions")])
def test_tab_of_the_list_and_of_the_own_ones_are_told_apart(sign_in, organizer, event, path, tab):
    """Who runs an event of talks has both."""
    event.kind = "conference"
    event.save()
    page = sign_in(organizer).get(f"{url('list', event)}{path}").content.decode()
    assert [label.strip() for label in CURRENT.findall(page)] == [tab]
