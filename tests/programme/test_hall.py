"""At the boards and in talks: presence, questions, votes, cards; and what bad input gets."""

import pytest
from django.urls import reverse

from events.actions import register
from notices.models import Mail
from submissions.programme import floor
from submissions.programme.actions import hall, questions, schedule
from submissions.programme.models import Card, Presence, Question, QuestionVote, Remark, Vote
from submissions.programme.voting import tally
from tests.conftest import make_user
from tests.programme.conference import (
    at,
    make_poster,
    make_poster_session,
    make_room,
    make_talk,
    place,
    release_now,
)
from theme.refusal import Refused


@pytest.fixture
def poster(event, author):
    made = make_poster(event, "Kestrels", author)
    hall.hang(None, made, session=make_poster_session(event), number=1)
    return made


@pytest.fixture
def talk(event, author):
    made = make_talk(event, "A talk", author)
    place(made, make_room(event), at(9))
    release_now(event)
    return made


def url(name, event, *arguments):
    return reverse(f"programme:{name}", args=[event.slug, *arguments])


def open_the_vote(event, organizer) -> None:
    schedule.save_settings(organizer, event, vote_opens_at=at(0, day=at(0).date().replace(2020)))


def test_question_reaches_the_authors_by_mail_and_its_answer_the_asker(
    sign_in, event, author, rival, poster
):
    sign_in(rival).post(url("poster_ask", event, poster.pk), {"text": "How many samples?"})
    question = Question.objects.get()
    told = Mail.objects.get(recipient=author, template="programme/mail/question")
    assert "How many samples?" in told.text
    asked = url("question_answer", event, question.pk)
    page = sign_in(author).get(url("speaking", event)).content.decode()
    assert "1 without an answer" in page
    sign_in(author).post(asked, {"text": "Twenty."})
    question.refresh_from_db()
    assert question.state == Question.State.ANSWERED
    told = Mail.objects.get(recipient=rival, template="programme/mail/answer")
    assert "Twenty." in told.text
    assert sign_in(rival).post(asked, {"text": "Me too."}).status_code == 403
    assert question.answers.count() == 1


@pytest.mark.parametrize("where", ["poster", "talk"])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 100_000, "That is 100,000 characters; 2,000 are allowed"),
        ("   ", "Write something first"),
    ],
)
def test_question_that_is_refused_is_still_in_the_form(
    request, sign_in, event, rival, where, text, sentence
):
    thing = request.getfixturevalue(where)
    name = "poster_ask" if where == "poster" else "ask"
    answer = sign_in(rival).post(url(name, event, thing.pk), {"text": text})
    page = answer.content.decode()
    assert sentence in page
    assert text.strip() in page
    assert not Question.objects.exists()


MARKUP = "<script>alert(1)</script> **bold** <img src=x onerror=alert(1)>"


@pytest.mark.parametrize("where", ["poster", "talk"])
def test_markup_in_a_question_is_shown_as_it_was_typed(request, sign_in, event, rival, where):
    thing = request.getfixturevalue(where)
    questions.ask(rival, thing, text=MARKUP)
    page = sign_in(rival).get(thing.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_private_question_is_for_the_authors_alone(sign_in, event, author, rival, judge, poster):
    questions.ask(rival, poster, text="Are you hiring?", private=True)
    seen = {
        name: "Are you hiring?" in sign_in(who).get(poster.get_absolute_url()).content.decode()
        for name, who in {"author": author, "rival": rival, "judge": judge}.items()
    }
    assert seen == {"author": True, "rival": True, "judge": False}


def test_votes_by_script_count_once(sign_in, event, author, rival, judge, poster):
    question = questions.ask(rival, poster, text="Why?")
    browser, address = sign_in(judge), url("question_vote", event, question.pk)
    for _again in range(20):
        browser.post(address)
    assert QuestionVote.objects.count() == 1
    with pytest.raises(Refused, match="Others vote"):
        questions.vote(rival, question)


def test_best_poster_votes_by_script_are_one_voice_a_category(
    sign_in, event, organizer, author, rival, stranger, poster
):
    second = make_poster(event, "Other")
    with pytest.raises(Refused, match="not open"):
        hall.vote(rival, poster)
    open_the_vote(event, organizer)
    browser = sign_in(rival)
    for one in (poster, second) * 5:
        browser.post(url("vote", event, one.pk))
    assert Vote.objects.get().poster == second  # the last word counts
    with pytest.raises(Refused, match="their own poster"):
        hall.vote(author, poster)
    with pytest.raises(Refused, match="Registered attendees"):
        hall.vote(stranger, second)
    counted = tally(event)[poster.track]
    assert [(one.poster, one.votes, one.place) for one in counted] == [(second, 1, 1)]


def test_b70_poster_votes_count_once_a_mailbox_and_only_with_a_confirmed_address(
    event, organizer, rival, poster
):
    open_the_vote(event, organizer)
    hall.vote(rival, poster)
    twin = make_user("rival+2")
    register(twin, event)
    with pytest.raises(Refused, match="this mailbox has voted"):
        hall.vote(twin, poster)
    unproven = make_user("unproven")
    register(unproven, event)
    unproven.emailaddress_set.update(verified=False)
    with pytest.raises(Refused, match="Confirm your e-mail address"):
        hall.vote(unproven, poster)
    assert Vote.objects.get().user == rival


def test_flood_of_questions_is_slowed_down(event, rival, poster):
    for number in range(20):
        questions.ask(rival, poster, text=f"Question {number}")
    with pytest.raises(Refused, match="a lot within five minutes"):
        questions.ask(rival, poster, text="One more")
    with pytest.raises(Refused, match="a lot within five minutes"):
        hall.say(rival, poster, text="And talk")
    assert Question.objects.count() == 20


def test_moderated_talk_shows_a_question_when_it_is_let_through(
    sign_in, event, organizer, author, rival, judge, talk
):
    schedule.save_settings(organizer, event, moderated=True)
    sign_in(rival).post(url("ask", event, talk.pk), {"text": "May I?"})
    question = Question.objects.get()
    assert question.state == Question.State.WAITING
    assert "May I?" not in sign_in(judge).get(talk.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="Only a moderator"):
        questions.set_state(author, question, state="open")
    questions.set_state(organizer, question, state="open")
    assert "May I?" in sign_in(judge).get(talk.get_absolute_url()).content.decode()
    stage = sign_in(author).get(url("stage", event, talk.pk)).content.decode()
    assert "May I?" in stage


def test_hidden_question_is_gone_for_readers_and_stays_for_moderators(
    sign_in, event, organizer, rival, judge, talk
):
    question = questions.ask(rival, talk, text="Rude words")
    questions.set_state(organizer, question, state="hidden")
    assert "Rude words" not in sign_in(judge).get(talk.get_absolute_url()).content.decode()
    assert "Rude words" in sign_in(organizer).get(talk.get_absolute_url()).content.decode()


def test_presence_is_seen_by_others(sign_in, event, author, rival, judge, poster):
    assert sign_in(rival).post(url("here", event, poster.pk)).status_code == 204
    sign_in(author).post(url("present", event, poster.pk), {"here": "1"})
    page = sign_in(judge).get(poster.get_absolute_url()).content.decode()
    assert "at the board now" in page
    assert "Rival" in page
    there = floor.who_is_there(poster)
    assert (there.presenting, there.visitors) == (["Author"], ["Rival"])
    Presence.objects.filter(user=rival).update(seen_at=at(0, day=at(0).date().replace(2020)))
    assert floor.who_is_there(poster).visitors == []


def test_live_part_answers_nothing_until_something_is_said(
    sign_in, event, rival, judge, poster, monkeypatch
):
    monkeypatch.setattr("submissions.programme.views.hall.time.time", lambda: 1e9)
    browser, address = sign_in(judge), url("poster_live", event, poster.pk)
    state = browser.get(address)["ETag"]
    assert browser.get(address, headers={"If-None-Match": state}).status_code == 304
    asked = {"If-None-Match": state.strip('"'), "HX-Request": "true"}
    assert browser.get(address, headers=asked).status_code == 204
    questions.ask(rival, poster, text="News!")
    fresh = browser.get(address, headers=asked)
    assert fresh.status_code == 200
    assert "News!" in fresh.content.decode()


def test_live_part_costs_the_same_queries_for_one_question_and_for_twelve(
    sign_in, event, rival, judge, poster, django_assert_max_num_queries
):
    browser, address = sign_in(judge), url("poster_live", event, poster.pk)
    questions.ask(rival, poster, text="First")
    browser.get(address)
    with django_assert_max_num_queries(14):
        browser.get(address)
    for number in range(11):
        question = questions.ask(rival, poster, text=f"Q{number}")
        questions.vote(judge, question)
    with django_assert_max_num_queries(14):
        browser.get(address)
    unchanged = browser.get(address)["ETag"]
    with django_assert_max_num_queries(4):  # session, person, poster
        browser.get(address, headers={"If-None-Match": unchanged})


def test_page_of_a_board_costs_sixteen_queries(
    sign_in, event, rival, poster, django_assert_max_num_queries
):
    browser = sign_in(rival)
    browser.get(poster.get_absolute_url())
    questions.ask(rival, poster, text="Why?")
    hall.star(rival, poster, on=True)
    with django_assert_max_num_queries(16):
        page = browser.get(poster.get_absolute_url()).content.decode()
    assert 'aria-pressed="true"' in page


@pytest.mark.parametrize("boards", [50, 500])
def test_hall_costs_the_same_queries_for_any_number_of_boards(
    sign_in, event, judge, boards, django_assert_max_num_queries
):
    from submissions.programme.models import Board, Poster

    session, track = make_poster_session(event), event.tracks.first()
    posters = Poster.objects.bulk_create(
        Poster(event=event, title=f"Poster {n}", track=track) for n in range(boards)
    )
    Board.objects.bulk_create(
        Board(session=session, poster=p, number=n) for n, p in enumerate(posters, start=1)
    )
    browser = sign_in(judge)
    with django_assert_max_num_queries(18):
        page = browser.get(url("hall", event)).content.decode()
    assert page.count('class="board ') == min(boards, 60)


def test_shuffled_order_is_the_visitors_own_and_stays(event, rival, judge):
    session = make_poster_session(event)
    for number in range(1, 13):
        hall.hang(None, make_poster(event, f"P{number}"), session=session, number=number)
    boards = list(floor.boards_of(event))
    seed = floor.seed_of(rival, event)
    assert floor.shuffled(boards, seed) == floor.shuffled(boards, seed) != boards
    assert floor.shuffled(boards, seed) != floor.shuffled(boards, floor.seed_of(judge, event))


def test_guided_walk_goes_on_to_the_next_board(sign_in, event, rival, monkeypatch):
    session = make_poster_session(event)
    for number in (1, 2, 3):
        hall.hang(None, make_poster(event, f"P{number}"), session=session, number=number)
    browser = sign_in(rival)
    begun = browser.get(url("walk", event), {"minutes": "5", "category": "tools"})
    assert "began=" in begun.url
    asked = dict(part.split("=") for part in begun.url.partition("?")[2].split("&"))
    walk = floor.walk_of(event, rival, asked)
    assert walk.step == 0
    asked["began"] = str(int(asked["began"]) - 301)
    second = floor.walk_of(event, rival, asked)
    assert second.step == 1
    step = browser.get(url("walk_step", event), asked | {"at": "elsewhere"})
    assert step["HX-Redirect"].startswith(url("poster", event, second.here.poster_id))


def test_card_shows_the_address_to_the_authors_only(sign_in, event, author, rival, judge, poster):
    sign_in(rival).post(url("card", event, poster.pk), {"note": "Write to me"})
    assert Card.objects.get().user == rival
    assert rival.email in sign_in(author).get(poster.get_absolute_url()).content.decode()
    assert rival.email not in sign_in(judge).get(poster.get_absolute_url()).content.decode()


def test_conversation_refuses_a_stranger_and_hides_on_request(
    sign_in, event, author, rival, stranger, poster
):
    with pytest.raises(Refused, match="Register for the event first"):
        hall.say(stranger, poster, text="Hello")
    remark = hall.say(rival, poster, text="<b>Hello</b>")
    assert "&lt;b&gt;Hello" in sign_in(rival).get(poster.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        hall.hide_remark(rival, remark)
    sign_in(author).post(url("hide_remark", event, poster.pk, remark.pk))
    assert Remark.objects.get().hidden


def test_evidence_is_shown_at_a_board_only_if_its_authors_chose_so(
    sign_in, event, author, rival, submission
):
    """What the data says stays private (the panel's address is 404) until then."""
    poster = make_poster(event, "Kestrels", author, submission=submission)
    panel = reverse("reports:panel", args=[submission.pk])
    assert sign_in(rival).get(panel).status_code == 404
    hall.save_poster(author, event, poster=poster, shows_evidence=True)
    assert sign_in(rival).get(panel).status_code == 200
    assert panel in sign_in(rival).get(poster.get_absolute_url()).content.decode()


def test_video_of_a_known_provider_plays_on_a_page_of_its_own(sign_in, event, author, rival):
    poster = make_poster(event, "Kestrels", author)
    watch = url("watch", event, poster.pk)
    assert sign_in(rival).get(watch).status_code == 404  # there is none yet
    hall.save_poster(author, event, poster=poster, video_url="https://youtu.be/dQw4w9WgXcQ")
    board = sign_in(rival).get(poster.get_absolute_url())
    assert watch in board.content.decode()
    assert "https://youtu.be/" not in board.content.decode()  # one way to it, not two
    assert "youtube" not in board["Content-Security-Policy"]
    page = sign_in(rival).get(watch)
    assert "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ" in page.content.decode()
    assert "frame-src https://www.youtube-nocookie.com" in page["Content-Security-Policy"]


def test_video_of_another_provider_stays_a_link(sign_in, event, author, rival):
    poster = make_poster(event, "Kestrels", author)
    hall.save_poster(author, event, poster=poster, video_url="https://example.org/film")
    assert sign_in(rival).get(url("watch", event, poster.pk)).status_code == 404
    assert "https://example.org/film" in (
        sign_in(rival).get(poster.get_absolute_url()).content.decode()
    )


def test_hall_is_closed_to_who_does_not_take_part(
    client, sign_in, event, organizer, stranger, poster
):
    assert sign_in(stranger).get(url("hall", event)).status_code == 404
    assert client.get(poster.get_absolute_url()).status_code == 404
    schedule.save_settings(organizer, event, hall_public=True)
    assert client.get(poster.get_absolute_url()).status_code == 200
    assert "Your question" not in client.get(poster.get_absolute_url()).content.decode()
