"""What the programme hands out about a person, and what is left when they are erased."""

import pytest

from submissions.programme import personal
from submissions.programme.actions import hall, questions
from submissions.programme.models import Card, Contributor, Question
from tests.programme.conference import make_poster


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
