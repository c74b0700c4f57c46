from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from events import actions as events
from events.actions import hold_phase
from events.models import Phase
from submissions.entries import actions
from submissions.entries.models import Submission, SubmissionVersion
from tests.conftest import close_phase
from theme.refusal import Refused


def content(submission, **changes):
    return {**submission.content, "track": submission.track, **changes}


def test_submit_makes_a_version_with_the_hash_of_its_text(author, draft):
    version = actions.submit(author, draft)
    assert version.number == 1
    assert version.content == draft.content
    assert version.sha256 == actions.content_hash(draft)


def test_submit_twice_gives_the_same_receipt(author, draft):
    assert actions.submit(author, draft) == actions.submit(author, draft)
    assert draft.versions.count() == 1


def test_submit_after_a_change_keeps_the_old_version(author, submission):
    old = submission.versions.get().content
    actions.save_draft(author, submission, revision=1, **content(submission, title="Kestrel 2"))
    actions.submit(author, submission)
    assert [v.content["title"] for v in submission.versions.all()] == ["Kestrel 2", "Kestrel"]
    assert submission.versions.get(number=1).content == old


def test_submit_of_an_unfinished_draft_says_what_is_missing(author, draft):
    Submission.objects.filter(pk=draft.pk).update(summary="", description="  ")
    with pytest.raises(Refused, match="summary, description"):
        actions.submit(author, draft)


@pytest.mark.parametrize("verb", ["save", "submit", "withdraw"])
def test_verb_of_a_stranger_changes_nothing(rival, submission, verb):
    attempts = {
        "save": lambda: actions.save_draft(rival, submission, revision=1, **content(submission)),
        "submit": lambda: actions.submit(rival, submission),
        "withdraw": lambda: actions.withdraw(rival, submission),
    }
    with pytest.raises(Refused) as refused:
        attempts[verb]()
    assert refused.value.code == "submission.not_yours"
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert submission.revision == 1


def test_submit_within_the_grace_is_accepted_and_after_it_refused(author, event, draft):
    phase = event.phases.get(kind=Phase.Kind.SUBMISSION)
    with connection.cursor() as cursor:  # B80: one second ago, by the database's own clock
        cursor.execute("SELECT clock_timestamp() - interval '1 second'")
        phase.closes_at = cursor.fetchone()[0]
    phase.save()
    actions.submit(author, draft)
    close_phase(event, Phase.Kind.SUBMISSION)
    with pytest.raises(Refused) as refused:
        actions.submit(author, draft)
    assert refused.value.code == "deadline.passed"


def test_second_submission_in_a_track_is_refused(author, event, draft, track):
    with pytest.raises(Refused) as refused:
        actions.create_draft(author, event, track=track, title="Again")
    assert refused.value.code == "submission.exists"


def test_track_of_another_event_is_refused(author, event, team, other_event):
    with pytest.raises(Refused) as refused:
        actions.create_draft(author, event, track=other_event.tracks.first(), title="Astray")
    assert refused.value.code == "submission.foreign_track"


def test_stale_save_is_refused_and_the_first_text_stays(author, draft):
    actions.save_draft(author, draft, revision=1, **content(draft, summary="First."))
    with pytest.raises(Refused) as refused:
        actions.save_draft(author, draft, revision=1, **content(draft, summary="Second."))
    assert refused.value.code == "submission.conflict"
    draft.refresh_from_db()
    assert draft.summary == "First."


@pytest.mark.django_db(transaction=True)
def test_twenty_submits_at_once_make_one_version(author, draft):
    """B84, on twenty real connections."""

    def submit(_number):
        try:
            return actions.submit(author, draft).sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        receipts = set(pool.map(submit, range(20)))
    assert len(receipts) == 1
    assert SubmissionVersion.objects.filter(submission=draft).count() == 1


def test_member_who_left_can_no_longer_save(event, author, team, draft, stranger):
    events.register(stranger, event)
    events.join_team(stranger, event, code=team.invite_code)
    events.leave_team(author, team)
    with pytest.raises(Refused):
        actions.save_draft(author, draft, revision=1, **content(draft))
    assert not Submission.objects.visible_to(author).exists()


def test_visible_to_each_of_the_cast(author, rival, judge, organizer, stranger, submission):
    def sees(user):
        return Submission.objects.visible_to(user).filter(pk=submission.pk).exists()

    assert [sees(u) for u in (author, organizer)] == [True, True]
    assert [sees(u) for u in (rival, judge, stranger)] == [False, False, False]
    actions.give_to_read(organizer, submission, to=judge)
    assert sees(judge)
    actions.take_from_reader(organizer, submission, user=judge)
    assert not sees(judge)
    actions.reveal(organizer, submission.event)
    assert sees(stranger)


def test_draft_is_hidden_from_the_organizer(organizer, draft):
    assert not Submission.objects.visible_to(organizer).exists()


@pytest.mark.django_db(transaction=True)
def test_deadline_cannot_move_while_a_submit_is_under_way_but_others_submit_on(event, draft):
    """B82: one holds the deadline; a second holder does not wait, whoever would move it does."""

    def on_another_connection(question):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(in_time, question).result()

    def in_time(question):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                question()
            return True
        except OperationalError:
            return False
        finally:
            connection.close()

    move = event.phases.filter(kind=Phase.Kind.SUBMISSION).update
    with transaction.atomic():
        hold_phase(event, Phase.Kind.SUBMISSION)
        assert on_another_connection(lambda: hold_phase(event, Phase.Kind.SUBMISSION))
        assert not on_another_connection(lambda: move(closes_at=timezone.now()))
    assert on_another_connection(lambda: move(closes_at=timezone.now()))


def test_saved_change_of_what_is_handed_in_is_its_next_version(author, submission):
    """Judges read the row, so it must never say what nobody handed in."""
    actions.save_draft(author, submission, revision=1, **content(submission, summary="Better."))
    submission.refresh_from_db()
    assert submission.versions.first().content == submission.content
    assert submission.versions.first().sha256 == actions.content_hash(submission)
    assert actions.submit(author, submission).number == 2


def test_unfinished_change_of_what_is_handed_in_is_refused(author, submission):
    with pytest.raises(Refused) as refused:
        actions.save_draft(author, submission, revision=1, **content(submission, summary=""))
    assert refused.value.code == "submission.incomplete"
    submission.refresh_from_db()
    assert submission.summary == "Finds broken sensors."


def test_withdrawn_submission_with_a_successor_cannot_be_handed_in_again(author, submission):
    actions.withdraw(author, submission)
    told = content(submission, title="Successor")
    actions.create_draft(author, submission.event, **told)
    with pytest.raises(Refused) as refused:
        actions.submit(author, submission)
    assert refused.value.code == "submission.exists"
