"""Rooms, slots, conflicts, versions: what bad input gets, and the state that is left."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from notices.models import AuditEntry, Mail
from submissions.programme import conflicts, rules
from submissions.programme.actions import hall, presenters, release, schedule
from submissions.programme.clock import moment
from submissions.programme.facts import sentences
from submissions.programme.models import Session, Slot, Version
from tests.programme.conference import (
    DAY,
    at,
    make_poster,
    make_poster_session,
    make_room,
    make_talk,
    place,
    release_now,
)
from theme.refusal import Refused


def draft(event) -> Version:
    return Version.objects.get(event=event, number=None)


def said(event) -> list[str]:
    return [conflict.code for conflict in conflicts.find(draft(event))]


def test_overlap_in_a_room_is_refused_with_who_is_there(event, organizer):
    room, first, second = make_room(event), make_talk(event, "First"), make_talk(event, "Second")
    place(first, room, at(9))
    with pytest.raises(Refused, match="“Hall A” is taken from 09:00 to 09:30 by “First”"):
        place(second, room, at(9, 15))
    assert Slot.objects.get().session == first
    place(second, room, at(9, 30))  # back to back is no overlap


def test_database_itself_refuses_an_overlap(event):
    """The guard below the verb; the negative control is a slot in another room."""
    room, other = make_room(event), make_room(event, "Hall B")
    placed = place(make_talk(event, "First"), room, at(9))
    slot = Slot(version=placed.version, session=make_talk(event, "Second"), room=room)
    slot.starts_at, slot.ends_at = at(9, 10), at(9, 20)
    with pytest.raises(IntegrityError), transaction.atomic():
        slot.save()
    slot.room = other
    slot.save()
    assert Slot.objects.count() == 2


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [(0, "ends after it begins"), (-30, "ends after it begins"), (25 * 60, "a day at most")],
)
def test_slot_of_impossible_length_is_refused(event, minutes, sentence):
    with pytest.raises(Refused, match=sentence):
        place(make_talk(event), make_room(event), at(9), minutes)
    assert not Slot.objects.exists()


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        (date(2031, 3, 30), 2, "02:30 does not exist on 30 March 2031 in Europe/Berlin"),
        (date(2031, 10, 26), 2, "02:30 comes twice on 26 October 2031"),
    ],
)
def test_time_at_which_the_clocks_change_is_refused_on_the_form(
    sign_in, event, organizer, day, hour, sentence
):
    event.timezone = "Europe/Berlin"
    event.save()
    talk, room = make_talk(event), make_room(event)
    told = {"room": room.pk, "starts_at": f"{day}T{hour:02}:30", "minutes": 30}
    url = reverse("programme:slot", args=[event.slug, talk.pk])
    page = sign_in(organizer).post(url, told).content.decode()
    assert sentence in page
    assert f'value="{day}T{hour:02}:30"' in page  # what was typed is still there
    assert not Slot.objects.exists()


@pytest.mark.parametrize(
    ("start", "minutes", "sentence"),
    [
        ("09:15", "30", "“Hall A” is taken from 09:00 to 09:30 by “First”. Choose another time."),
        ("10:00", "0", "greater than or equal to 1"),
        ("10:00", "-30", "greater than or equal to 1"),
    ],
)
def test_form_of_a_slot_says_what_is_wrong_and_keeps_what_was_typed(
    sign_in, event, organizer, start, minutes, sentence
):
    """Overlap, and an end before the beginning, as an organizer meets them."""
    room, second = make_room(event), make_talk(event, "Second")
    placed = place(make_talk(event, "First"), room, at(9))
    told = {"room": room.pk, "starts_at": f"{DAY}T{start}", "minutes": minutes}
    url = reverse("programme:slot", args=[event.slug, second.pk])
    page = sign_in(organizer).post(url, told).content.decode()
    assert sentence in page
    assert f'value="{DAY}T{start}"' in page
    assert Slot.objects.get() == placed


def test_room_in_use_is_kept_and_its_page_says_so(sign_in, event, organizer, judge):
    room = make_room(event)
    place(make_talk(event, "Kestrels"), room, at(9))
    url = reverse("programme:delete_room", args=[event.slug, room.pk])
    assert sign_in(judge).post(url).status_code == 404
    back = reverse("programme:rooms", args=[event.slug])
    came_from = {"referer": f"http://testserver{back}"}
    page = sign_in(organizer).post(url, headers=came_from, follow=True)
    assert "has 1 session in it (Kestrels). Move it to another room" in page.content.decode()
    assert event.rooms.get() == room


def test_slot_across_the_change_to_summer_time_keeps_its_real_length(event):
    event.timezone = "Europe/Berlin"
    event.save()
    start = moment(event, datetime(2031, 3, 30, 1, 45))
    slot = place(make_talk(event), make_room(event), start, 45)
    assert slot.length == timedelta(minutes=45)
    from submissions.programme.clock import wall

    assert wall(event, slot.ends_at) == datetime(2031, 3, 30, 3, 30)


def test_room_with_sessions_is_not_deleted(sign_in, event, organizer):
    room, talk = make_room(event), make_talk(event, "Kestrels")
    place(talk, room, at(9))
    with pytest.raises(Refused, match="“Hall A” has 1 session in it"):
        schedule.delete_room(organizer, room)
    assert Slot.objects.get().room == room


def test_room_that_only_old_versions_know_is_kept_for_them(event, organizer):
    room, other, talk = make_room(event), make_room(event, "Hall B"), make_talk(event)
    place(talk, room, at(9))
    release_now(event)
    place(talk, other, at(9))
    release_now(event)
    schedule.delete_room(organizer, room)
    room.refresh_from_db()
    assert room.retired
    assert Version.objects.get(event=event, number=1).slots.get().room == room


def test_conflicts_are_found(event, author, rival):
    hall_a, hall_b = make_room(event, capacity=10), make_room(event, "Hall B")
    place(make_talk(event, "One", author, expected=50), hall_a, at(9))
    place(make_talk(event, "Two", author), hall_b, at(9))
    assert sorted(said(event)) == ["capacity", "speaker_twice"]
    presenters.tell_availability(author, event, windows=[(at(14), at(16))])
    assert said(event).count("not_available") == 2


def test_author_with_posters_in_two_sessions_at_once_is_told(event, author):
    first, second = make_poster_session(event, "P1"), make_poster_session(event, "P2")
    hall.hang(None, make_poster(event, "A", author), session=first, number=1)
    hall.hang(None, make_poster(event, "B", author), session=second, number=1)
    place(first, make_room(event), at(9))
    place(second, make_room(event, "Hall B"), at(9))
    assert said(event) == ["author_twice"]


def test_board_is_taken_once(event):
    session = make_poster_session(event)
    hall.hang(None, make_poster(event, "A"), session=session, number=7)
    with pytest.raises(Refused, match="Board 7 is taken by “A”"):
        hall.hang(None, make_poster(event, "B"), session=session, number=7)
    assert session.boards.get().poster.title == "A"


def test_conflicts_cost_the_same_queries_for_one_talk_and_for_nine(
    event, author, django_assert_num_queries
):
    room = make_room(event)
    place(make_talk(event, "0", author), room, at(8))
    with django_assert_num_queries(6):
        conflicts.find(draft(event))
    for hour in range(9, 17):
        place(make_talk(event, f"Talk {hour}", author), room, at(hour))
    with django_assert_num_queries(6):
        conflicts.find(draft(event))


def test_release_is_refused_while_a_speaker_is_in_two_talks(event, organizer, author):
    place(make_talk(event, "One", author), make_room(event), at(9))
    place(make_talk(event, "Two", author), make_room(event, "Hall B"), at(9))
    with pytest.raises(Refused, match="Settle this before the release"):
        release_now(event)
    assert not Version.objects.released().exists()


def test_release_mails_only_those_who_are_affected(event, organizer, author, rival, stranger):
    room = make_room(event)
    mine, theirs = make_talk(event, "Mine", author), make_talk(event, "Theirs", rival)
    place(mine, room, at(9))
    place(theirs, room, at(10))
    release_now(event)
    assert {m.recipient for m in Mail.objects.all()} == {author, rival}
    hall.star(stranger, mine, on=True)
    place(mine, room, at(11))
    second = release_now(event)
    new = Mail.objects.filter(cause__endswith=f":{second.pk}")
    assert {m.recipient for m in new} == {author, stranger}
    assert [change["kind"] for change in second.changes] == ["moved"]
    assert "11:00" in new.get(recipient=author).text


def test_old_versions_stay_readable(client, event, author):
    room, talk = make_room(event), make_talk(event, "Kestrels", author)
    place(talk, room, at(9))
    release_now(event)
    place(talk, room, at(15))
    release_now(event)
    old = client.get(reverse("programme:version", args=[event.slug, 1])).content.decode()
    assert "09:00" in old
    assert "no longer in force" in old
    assert "15:00" in client.get(reverse("programme:agenda", args=[event.slug])).content.decode()


def test_old_version_keeps_titles_speakers_and_boards(client, event, organizer, author, rival):
    talk, session = make_talk(event, "Kestrels", author), make_poster_session(event)
    moving, staying = make_poster(event, "Moving", author), make_poster(event, "Staying", rival)
    hall.hang(None, moving, session=session, number=7)
    hall.hang(None, staying, session=session, number=1)
    place(talk, make_room(event), at(9))
    place(session, None, at(13))
    release_now(event)
    schedule.save_session(organizer, event, session=talk, title="Falcons")
    hall.hang(organizer, moving, session=session, number=8)
    second = release_now(event)
    told = [(change["kind"], sentences(change["facts"])) for change in second.changes]
    assert told == [
        ("changed", ["before called “Kestrels”"]),
        ("changed", ["“Moving” hangs at board 8 (before: 7)"]),
    ]
    letter = Mail.objects.get(cause__endswith=f":{second.pk}")
    assert letter.recipient == author, "the neighbour's board is where it was"
    assert "board 8" in letter.text
    old = client.get(reverse("programme:version", args=[event.slug, 1])).content.decode()
    assert "Kestrels" in old
    assert "Falcons" not in old
    assert "7: Moving" in old
    assert "Falcons" in client.get(reverse("programme:agenda", args=[event.slug])).content.decode()


def test_draft_is_seen_by_organizers_only(client, sign_in, event, organizer):
    place(make_talk(event, "Secret talk"), make_room(event), at(9))
    talk = Session.objects.get()
    for browser in (client, sign_in(None)):
        page = browser.get(reverse("programme:agenda", args=[event.slug])).content.decode()
        assert "Secret talk" not in page
    url = reverse("programme:session", args=[event.slug, talk.pk])
    assert client.get(url).status_code == 404
    assert sign_in(organizer).get(url).status_code == 200


def test_same_schedule_is_not_released_twice(event):
    place(make_talk(event), make_room(event), at(9))
    release_now(event)
    with pytest.raises(Refused, match="Nothing has changed"):
        release_now(event)


@pytest.mark.django_db(transaction=True)
def test_of_two_organizers_who_release_at_once_one_is_told(event, organizer):
    place(make_talk(event), make_room(event), at(9))
    revision = rules.programme_of(event).revision
    gate, outcomes = Barrier(2), []

    def go() -> None:
        gate.wait()
        try:
            release.release(organizer, event, revision=revision)
            outcomes.append("released")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["released", "schedule.conflict"]
    assert Version.objects.released().count() == 1
    assert AuditEntry.objects.filter(verb="release_schedule").count() == 1


def test_speaker_who_withdraws_after_the_release_leaves_the_agenda(
    client, event, organizer, author
):
    talk = make_talk(event, "Kestrels", author)
    place(talk, make_room(event), at(9))
    release_now(event)
    presenters.withdraw(author, talk.contributors.get())
    page = client.get(reverse("programme:agenda", args=[event.slug])).content.decode()
    assert "speaker to be announced" in page
    assert Mail.objects.get(recipient=organizer).template == "programme/mail/withdrawn"
    assert Slot.objects.current().get().session == talk  # the organizers decide what becomes of it


def test_move_by_drag_and_its_refusal_leave_the_truth(sign_in, event, organizer):
    room, talk = make_room(event), make_talk(event, "Mover")
    place(make_talk(event, "Stayer"), room, at(9))
    url = reverse("programme:move", args=[event.slug, talk.pk])
    browser = sign_in(organizer)
    htmx = {"HX-Request": "true"}
    asked = {"room": room.pk, "start": f"{DAY}T09:15"}
    refused = browser.post(url, asked, headers=htmx)
    assert refused.status_code == 409
    assert "is taken" in refused.content.decode()
    moved = browser.post(url, asked | {"start": f"{DAY}T10:00"}, headers=htmx)
    assert "Mover" in moved.content.decode()
    assert Slot.objects.get(session=talk).starts_at == at(10)


def test_release_form_keeps_the_note_when_somebody_was_quicker(sign_in, event, organizer):
    place(make_talk(event), make_room(event), at(9))
    url = reverse("programme:release", args=[event.slug])
    page = sign_in(organizer).post(url, {"revision": 0, "note": "Mind the new rooms"})
    assert "changed or released by somebody else" in page.content.decode()
    assert "Mind the new rooms" in page.content.decode()
    assert not Version.objects.released().exists()
