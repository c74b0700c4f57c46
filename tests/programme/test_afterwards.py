"""Presenters' page, feedback, recap."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.models import AuditEntry, Mail
from submissions.programme import recap as numbers
from submissions.programme.actions import feedback, hall, presenters, questions, recap
from submissions.programme.models import Availability, Feedback, Presenter, Recap
from tests.programme.conference import (
    make_poster,
    make_poster_session,
    make_room,
    make_talk,
    place,
    release_now,
)
from theme.refusal import Refused


@pytest.fixture
def talk(event, author):
    """Over since an hour ago."""
    made = make_talk(event, "A talk", author)
    place(made, make_room(event), timezone.now() - timedelta(hours=2))
    release_now(event)
    return made


def url(name, event, *arguments):
    return reverse(f"programme:{name}", args=[event.slug, *arguments])


def test_presenter_confirms_and_tells_needs_and_times(sign_in, event, author, talk):
    browser, part = sign_in(author), talk.contributors.get()
    browser.post(url("confirm", event, part.pk))
    part.refresh_from_db()
    assert part.confirmed_at
    browser.post(url("needs", event), {"equipment": "An adapter", "release": "given"})
    told = Presenter.objects.get()
    assert (told.equipment, told.release) == ("An adapter", "given")
    rows = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-0-starts_at": "2031-12-01T09:00"}
    page = browser.post(url("times", event), rows | {"form-0-ends_at": "2031-12-01T08:00"})
    assert "A time ends after it begins" in page.content.decode()
    assert not Availability.objects.exists()
    browser.post(url("times", event), rows | {"form-0-ends_at": "2031-12-01T12:00"})
    assert Availability.objects.get().user == author


def test_author_is_told_board_and_time_of_the_poster(sign_in, event, author):
    session, poster = make_poster_session(event), make_poster(event, "Kestrels", author)
    hall.hang(None, poster, session=session, number=42)
    place(session, make_room(event, "Foyer"), timezone.now() + timedelta(hours=1), 90)
    release_now(event)
    page = sign_in(author).get(url("speaking", event)).content.decode()
    assert "Board 42, Poster session" in page
    assert "Foyer" in page


def test_part_of_another_person_does_not_exist(sign_in, event, author, rival, talk):
    make_talk(event, "Theirs", rival)
    part = talk.contributors.get()
    assert sign_in(rival).post(url("withdraw", event, part.pk)).status_code == 404
    with pytest.raises(Refused):
        presenters.confirm(rival, part)


def test_feedback_is_anonymous_and_counts_once(sign_in, event, organizer, author, rival, talk):
    browser, address = sign_in(rival), url("give_session", event, talk.pk)
    browser.post(address, {"rating": 2, "comment": "Too fast"})
    browser.post(address, {"rating": 5, "comment": "Second thoughts"})
    given = Feedback.objects.get()
    assert (given.rating, given.author) == (5, None)
    assert not AuditEntry.objects.filter(thing="programme.feedback").exists()
    assert len(given.voice) == 64  # a keyed hash, nothing that names anybody
    shown = sign_in(organizer).get(url("feedback_results", event)).content.decode()
    assert "Second thoughts" in shown
    assert "Rival" not in shown


def test_speakers_see_theirs_after_the_release(sign_in, event, organizer, author, rival, talk):
    feedback.give(rival, event, session=talk, rating=4, comment="Clear")
    assert "Clear" not in sign_in(author).get(url("speaking", event)).content.decode()
    feedback.release_to_speakers(organizer, event)
    assert "Clear" in sign_in(author).get(url("speaking", event)).content.decode()


@pytest.mark.parametrize(
    ("who", "sentence"), [("author", "Others judge"), ("stranger", "Those who took part")]
)
def test_feedback_of_some_is_refused(request, event, talk, who, sentence):
    with pytest.raises(Refused, match=sentence):
        feedback.give(request.getfixturevalue(who), event, session=talk, rating=5)
    assert not Feedback.objects.exists()


def test_feedback_before_the_beginning_is_refused(event, rival):
    later = make_talk(event, "Later")
    place(later, make_room(event), timezone.now() + timedelta(hours=1))
    release_now(event)
    with pytest.raises(Refused, match="has not begun yet"):
        feedback.give(rival, event, session=later, rating=5)


def test_page_asks_about_what_has_just_ended_until_it_is_rated(
    sign_in, event, author, rival, stranger
):
    made = make_talk(event, "A talk", author)
    place(made, make_room(event), timezone.now() - timedelta(minutes=40))
    release_now(event)

    def asks(who) -> bool:
        return "Just over" in sign_in(who).get(url("now", event)).content.decode()

    assert [asks(who) for who in (rival, author, stranger)] == [True, False, False]
    feedback.give(rival, event, session=made, rating=4)
    assert not asks(rival)


def test_mail_asks_once_about_a_day_that_is_over(event, author, rival, judge):
    """Those who starred a session that they have not rated; not its speaker, not the others."""
    today = timezone.now().replace(microsecond=0)
    sessions = [make_talk(event, title, author) for title in ("Seen", "Rated", "Tomorrow")]
    room = make_room(event)
    for one, hours in zip(sessions, (-3, -2, 30), strict=True):
        place(one, room, today + timedelta(hours=hours))
    release_now(event)
    for user in (author, rival):
        for one in sessions:
            hall.star(user, one, on=True)
    feedback.give(rival, event, session=sessions[1], rating=3)
    for _round in range(2):
        feedback.ask_after_a_day()
    asked = Mail.objects.get(template="programme/mail/day")
    assert asked.recipient == rival
    assert "Seen" in asked.text
    assert not {"Rated", "Tomorrow"} & {*asked.text.replace("*", " ").split()}


def test_recap_begins_when_the_last_session_is_over_and_only_once(event, rival, talk):
    for _round in range(2):
        recap.begin_for_ended_events()
    assert Recap.objects.get().event == event
    assert AuditEntry.objects.filter(verb="begin_recap").count() == 1
    asked = Mail.objects.filter(template="programme/mail/feedback")
    assert {mail.recipient for mail in asked} == {rival, talk.contributors.get().user}


def test_recap_has_the_true_numbers_of_every_room(event, author, rival, submission, talk):
    poster = make_poster(event, author=author)
    hall.hang(None, poster, session=make_poster_session(event), number=1)
    question = questions.ask(rival, poster, text="Why?")
    questions.answer(author, question, text="Because.")
    told = {f.name: f.value for f in numbers.figures(event)}
    assert told["people"] == 2
    assert (told["talks"], told["posters"]) == (1, 1)
    assert (told["questions"], told["answers"]) == (1, 1)
    assert {"datasets", "rows_scored", "judgements", "awards"} <= told.keys()
    assert numbers.posters_by_category(event) == {"Tools": 1}


def test_frozen_numbers_stay_and_live_ones_move(client, event, organizer, author, rival, talk):
    recap.publish(organizer, event, on=True)
    recap.freeze(organizer, event, on=True)
    questions.ask(rival, talk, text="Late?")

    def asked() -> int:
        told = json.loads(client.get(url("recap_json", event)).content)
        return next(f["value"] for f in told["figures"] if f["name"] == "questions")

    assert asked() == 0
    recap.freeze(organizer, event, on=False)
    assert asked() == 1


def test_recap_quotes_only_with_consent(event, organizer, author, rival, talk):
    given = feedback.give(rival, event, session=talk, rating=5, comment="Lovely")
    with pytest.raises(Refused, match="with consent"):
        recap.write(organizer, event, prose="", quotes=[given])
    willing = feedback.give(rival, event, session=talk, rating=5, comment="Lovely", may_quote=True)
    written = recap.write(organizer, event, prose="**Good** days", quotes=[willing])
    assert [*written.quotes.all()] == [willing]


def test_recap_is_private_until_published_and_then_has_its_pdf(
    client, sign_in, event, organizer, talk
):
    recap.write(organizer, event, prose="Two days – “fine” ones, 你好")
    assert client.get(url("recap", event)).status_code == 404
    recap.publish(organizer, event, on=True)
    page = client.get(url("recap", event))
    assert "Two days" in page.content.decode()
    assert client.get(url("recap_pdf", event)).content.startswith(b"%PDF")
    assert client.get(url("recap_figure", event, "ratings")).json()["doc"]


def test_event_as_yaml_keeps_its_programme(event, organizer, author):
    from events.exchange import export_event, import_event

    talk = make_talk(event, "A talk", author, track=event.tracks.first())
    place(talk, make_room(event, capacity=20), timezone.now().replace(microsecond=0))
    poster = make_poster(event, "A poster", author)
    hall.hang(None, poster, session=make_poster_session(event), number=3)
    told = export_event(event)
    copied = import_event(organizer, told | {"slug": "copy"})
    again = export_event(copied)
    assert again["programme"] == told["programme"]
    assert again["programme"]["sessions"][1]["boards"] == {3: "A poster"}
