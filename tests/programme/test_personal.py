"""What the programme hands out about a person, and what is left when they are erased."""

import pytest
from django.urls import reverse

from submissions.programme import personal
from submissions.programme.actions import hall, presenters, questions
from submissions.programme.models import Card, Contributor, Question, Version
from tests.programme.conference import at, make_poster, make_room, make_talk, place, release_now


@pytest.fixture
def said(event, author, rival):
    poster = make_poster(event, author=author)
    hall.leave_card(rival, poster, note="Write to me")
    questions.ask(rival, poster, text="Public?")
    questions.ask(rival, poster, text="Private?", private=True)
    return poster


def test_collect_has_what_somebody_said(rival, said):
    told = personal.collect(rival).data
    assert {row["text"] for row in told["questions"]} == {"Public?", "Private?"}
    assert told["cards"][0]["note"] == "Write to me"


def test_erase_leaves_the_public_question_without_the_person(author, rival, said):
    personal.erase(rival)
    personal.erase(author)
    assert not Card.objects.exists()
    question = Question.objects.get()
    assert (question.text, question.author) == ("Public?", None)
    assert Contributor.objects.get().name == "Former participant"


def test_erase_reaches_the_versions_that_keep_who_spoke(client, event, author, rival):
    talk = make_talk(event, "A talk", author)
    place(talk, make_room(event), at(9))
    release_now(event)
    presenters.name_contributor(None, talk, name=str(rival), account=rival)
    release_now(event)
    personal.erase(author)
    for number in (1, 2):
        old = client.get(reverse("programme:version", args=[event.slug, number])).content.decode()
        assert "Former participant" in old
        assert "Author" not in old
    first, second = Version.objects.released().filter(event=event).order_by("number")
    assert "Author" not in f"{first.facts}{first.changes}{second.facts}{second.changes}"
    assert "Rival" in str(second.changes)
