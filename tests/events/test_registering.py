"""Registration as people live it: policies, places, the waiting list, decisions, answers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import actions, sweeping
from events.models import Acceptance, Event, Registration, Role
from notices.models import AuditEntry, Mail
from tests.conftest import make_user
from theme.refusal import Refused

State = Registration.State


def state_of(user, event) -> str:
    return Registration.objects.get(user=user, event=event).state


def mails(user) -> list[str]:
    letters = Mail.objects.filter(recipient=user, template__startswith="events/mail/")
    return sorted(mail.template.removeprefix("events/mail/") for mail in letters)


@pytest.fixture
def small(event) -> Event:
    """Two places."""
    event.capacity = 2
    event.save()
    return event


@pytest.fixture
def people(db):
    return [make_user(name) for name in ("ann", "ben", "cy", "dee")]


@pytest.fixture
def by_application(event) -> Event:
    event.admission = Event.Admission.APPLICATION
    event.save()
    return event


def test_full_event_puts_the_next_in_line(small, people):
    for person in people:
        actions.register(person, small)
    states = [state_of(person, small) for person in people]
    assert states == [State.CONFIRMED, State.CONFIRMED, State.WAITING, State.WAITING]
    assert mails(people[0]) == ["confirmed"]
    assert mails(people[2]) == ["waiting"]


def test_cancelled_place_is_offered_to_the_first_in_line_for_a_time(small, people):
    ann, _ben, cy, dee = people
    for person in people:
        actions.register(person, small)
    actions.cancel_registration(ann, small)
    assert (state_of(cy, small), state_of(dee, small)) == (State.OFFERED, State.WAITING)
    assert mails(cy) == ["offered", "waiting"]
    actions.confirm(cy, small)
    assert state_of(cy, small) == State.CONFIRMED


def test_newcomer_does_not_overtake_those_who_wait(small, people):
    for person in people:
        actions.register(person, small)
    small.registrations.filter(user=people[0]).delete()  # a place is free, nobody was told yet
    actions.register(late := make_user("late"), small)
    assert state_of(late, small) == State.WAITING


def test_offer_that_runs_out_lapses_and_goes_to_the_next(small, people):
    """The sweep may run twice; who lapsed begins again at the end of the line."""
    ann, _ben, cy, dee = people
    for person in people:
        actions.register(person, small)
    actions.cancel_registration(ann, small)
    small.registrations.filter(user=cy).update(offer_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        actions.confirm(cy, small)
    assert refused.value.code == "registration.offer_over"
    sweeping.pass_on_all()
    sweeping.pass_on_all()
    assert (state_of(cy, small), state_of(dee, small)) == (State.LAPSED, State.OFFERED)
    assert mails(cy) == ["lapsed", "offered", "waiting"]
    assert mails(dee) == ["offered", "waiting"]
    actions.register(cy, small)
    assert state_of(cy, small) == State.WAITING


def test_more_places_are_passed_on_at_once(small, people, organizer):
    for person in people:
        actions.register(person, small)
    actions.change_event(organizer, small, capacity=3)
    assert [state_of(p, small) for p in people[2:]] == [State.OFFERED, State.WAITING]


def test_places_of_a_track_are_counted_by_themselves(event, track, people):
    track.capacity = 1
    track.save()
    web = event.tracks.get(slug="web")
    actions.register(people[0], event, track=track)
    actions.register(people[1], event, track=track)
    actions.register(people[2], event, track=web)
    states = [state_of(person, event) for person in people[:3]]
    assert states == [State.CONFIRMED, State.WAITING, State.CONFIRMED]


def test_application_is_decided_then_told_then_confirmed(by_application, people, organizer):
    ann, ben, cy, _dee = people
    keys = [actions.register(person, by_application).pk for person in (ann, ben, cy)]
    event = by_application
    actions.decide(organizer, event, registrations=keys[:1], verdict="accept")
    actions.decide(organizer, event, registrations=keys[1:2], verdict="decline", reason="Full.")
    assert mails(ann) == ["applied"]  # nobody knows yet
    assert Registration.objects.get(user=ann).told_state == State.APPLIED
    assert actions.tell_decisions(organizer, event) == 2
    assert actions.tell_decisions(organizer, event) == 0  # a second click tells nobody twice
    assert (state_of(ann, event), state_of(ben, event)) == (State.OFFERED, State.REJECTED)
    assert (mails(ann), mails(ben)) == (["applied", "offered"], ["applied", "rejected"])
    assert "Full." in Mail.objects.get(recipient=ben, template__endswith="rejected").text
    actions.confirm(ann, event)
    with pytest.raises(Refused) as refused:
        actions.register(ben, event)
    assert refused.value.code == "registration.rejected"


def test_accepting_more_than_there_are_places_changes_nobody(by_application, people, organizer):
    by_application.capacity = 1
    by_application.save()
    keys = [actions.register(person, by_application).pk for person in people[:2]]
    with pytest.raises(Refused, match="one place left"):
        actions.decide(organizer, by_application, registrations=keys, verdict="accept")
    assert {state_of(person, by_application) for person in people[:2]} == {State.APPLIED}


def test_application_of_another_event_cannot_be_decided(by_application, other_event, organizer):
    """B60: the organizer of one event has no hold on the keys of another."""
    other_event.admission = Event.Admission.APPLICATION
    other_event.save()
    foreign = actions.register(make_user("ann"), other_event)
    with pytest.raises(Refused):
        actions.decide(organizer, by_application, registrations=[foreign.pk], verdict="accept")
    assert state_of(foreign.user, other_event) == State.APPLIED


@pytest.mark.parametrize("verb", ["decide", "tell"])
def test_decisions_are_the_organizers(by_application, author, judge, verb):
    tries = {
        "decide": lambda: actions.decide(judge, by_application, registrations=[], verdict="accept"),
        "tell": lambda: actions.tell_decisions(author, by_application),
    }
    with pytest.raises(Refused) as refused:
        tries[verb]()
    assert refused.value.code == "decision.not_yours"


def test_conduct_is_accepted_with_version_and_time(event, stranger, organizer):
    actions.write_conduct(organizer, event, text="Be kind.")
    with pytest.raises(Refused) as refused:
        actions.register(stranger, event)
    assert refused.value.code == "conduct.not_accepted"
    assert not Registration.objects.filter(user=stranger).exists()  # nothing is half done
    actions.register(stranger, event, accepts=1)
    accepted = Acceptance.objects.get(user=stranger)
    assert accepted.conduct.version == 1
    assert accepted.accepted_at
    actions.write_conduct(organizer, event, text="Be very kind.")
    with pytest.raises(Refused, match="version 2"):
        actions.change_answers(stranger, event, answers={})


@pytest.fixture
def asked(event) -> Event:
    web = event.tracks.get(slug="web")
    diet = event.questions.create(
        slug="diet", label="Diet", kind="choice", options=["all", "other"], required="always"
    )
    more = {"label": "Which?", "required": "always", "position": 1}
    event.questions.create(slug="which", depends_on=diet, depends_value="other", **more)
    of_web = {"required": "some", "required_track": web, "position": 2}
    event.questions.create(slug="site", label="Your site", **of_web)
    of_speakers = {"required": "some", "required_role": "speaker", "position": 3}
    event.questions.create(slug="bio", label="Your bio", **of_speakers)
    return event


@pytest.mark.parametrize(
    ("answers", "track", "missing"),
    [
        ({}, "tools", "Diet"),
        ({"diet": "all"}, "tools", None),
        ({"diet": "other"}, "tools", "Which?"),
        ({"diet": "other", "which": "vegan"}, "tools", None),
        ({"diet": "all"}, "web", "Your site"),
    ],
)
def test_what_must_be_answered_depends_on_answers_and_track(asked, people, answers, track, missing):
    track = asked.tracks.get(slug=track)
    if missing is None:
        actions.register(people[0], asked, track=track, answers=answers)
        return
    with pytest.raises(Refused, match=missing) as refused:
        actions.register(people[0], asked, track=track, answers=answers)
    assert refused.value.code == "answers.missing"
    assert not Registration.objects.filter(user=people[0]).exists()


def test_what_must_be_answered_depends_on_the_role(asked, people):
    actions.grant_role(None, asked, to=people[0], kind=Role.Kind.SPEAKER)
    with pytest.raises(Refused, match="Your bio"):
        actions.register(people[0], asked, answers={"diet": "all"})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("choice", "c"),
        ("multiple", ["a", "c"]),
        ("country", "Atlantis"),
        ("number", float("nan")),
        ("number", True),
        ("date", "2026-02-30"),
        ("consent", "yes"),
        ("text", 5),
    ],
)
def test_answer_of_another_kind_is_refused(event, stranger, kind, value):
    event.questions.create(slug="q", label="Q", kind=kind, options=["a", "b"])
    with pytest.raises(Refused) as refused:
        actions.register(stranger, event, answers={"q": value})
    assert refused.value.code == "answer.invalid"


def test_answers_can_be_changed_until_the_date(asked, people):
    actions.register(people[0], asked, answers={"diet": "all"})
    actions.change_answers(people[0], asked, answers={"diet": "other", "which": "vegan"})
    asked.answers_until = timezone.now() - timedelta(seconds=1)
    asked.save()
    with pytest.raises(Refused) as refused:
        actions.change_answers(people[0], asked, answers={"diet": "all"})
    assert refused.value.code == "answers.closed"


def test_same_ticket_twice_tells_who_was_let_in_when(event, author, organizer):
    door = make_user("door")
    actions.grant_role(organizer, event, to=door, kind=Role.Kind.CHECK_IN)
    ticket = Registration.objects.get(user=author).ticket
    first, now = actions.check_in(door, event, ticket=ticket)
    again, not_now = actions.check_in(organizer, event, ticket=ticket)
    assert (now, not_now) == (True, False)
    assert (again.checked_in_at, again.checked_in_by) == (first.checked_in_at, door)
    assert AuditEntry.objects.filter(verb="check_in").count() == 1


@pytest.mark.parametrize("person", ["author", "judge"])
def test_only_the_door_checks_in(event, author, judge, request, person):
    ticket = Registration.objects.get(user=author).ticket
    with pytest.raises(Refused) as refused:
        actions.check_in(request.getfixturevalue(person), event, ticket=ticket)
    assert refused.value.code == "ticket.not_yours"


def test_ticket_of_another_event_is_unknown(event, other_event, organizer, stranger):
    foreign = actions.register(stranger, other_event)
    with pytest.raises(Refused) as refused:
        actions.check_in(organizer, event, ticket=foreign.ticket)
    assert refused.value.code == "ticket.unknown"


@pytest.mark.parametrize(
    "wrong",
    [
        {"track": "foreign"},
        {"state": "waiting", "line": None},
        {"state": "offered", "offer_until": None},
        {"state": "checked_in", "checked_in_at": None},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(event, other_event, author, wrong):
    """I9 and the states: past all verbs, by a plain update."""
    if "track" in wrong:
        wrong = {"track": other_event.tracks.first()}
    with pytest.raises(IntegrityError):
        write_at_once(author, wrong)


def write_at_once(author, wrong):
    with transaction.atomic():
        Registration.objects.filter(user=author).update(**wrong)
        transaction.get_connection().check_constraints()
