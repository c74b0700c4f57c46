from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from time import sleep

import pytest
from django.db import IntegrityError, connection, models, transaction

from events.actions import open_results
from events.models import Phase
from judging.ballots import actions
from judging.ballots.models import Ballot, Score
from judging.ballots.rules import can_score
from judging.panel.conflicts import declare_conflict
from notices.models import AuditEntry
from tests.conftest import close_phase
from tests.judging.conftest import scores_of
from theme.refusal import Refused


def stored(assignment):
    ballot = Ballot.objects.get(assignment=assignment)
    return {score.criterion_id: score.value for score in ballot.scores.all()}


def test_closed_account_scores_no_more(event, judge, assignment):
    assert can_score(judge, assignment)
    judge.is_active = False
    assert not can_score(judge, assignment)
    with pytest.raises(Refused):
        actions.save_draft(judge, assignment, scores=scores_of(event, 4))


def test_draft_keeps_what_is_there_so_far(event, judge, assignment):
    some = dict(list(scores_of(event, 4).items())[:2])
    ballot = actions.save_draft(judge, assignment, scores=some, comment="Good.", note="Ask.")
    assert stored(assignment) == some
    assert (ballot.state, ballot.version) == (Ballot.State.DRAFT, 1)
    assert (ballot.comment, ballot.private_note) == ("Good.", "Ask.")


def test_saving_again_replaces_and_removes_scores(event, judge, assignment):
    first, second, *_rest = scores_of(event, 4)
    actions.save_draft(judge, assignment, scores={first: 4, second: 4})
    actions.save_draft(judge, assignment, scores={first: 2}, version=1)
    assert stored(assignment) == {first: 2}


def test_draft_does_not_count_until_it_is_submitted(event, judge, assignment):
    actions.save_draft(judge, assignment, scores=scores_of(event, 4))
    assert not Ballot.objects.counted().exists()
    actions.submit(judge, assignment, scores=scores_of(event, 4), version=1)
    assert Ballot.objects.counted().exists()


def test_submit_needs_every_criterion_and_names_the_missing(event, judge, assignment):
    scores = scores_of(event, 4)
    scores.pop(event.criteria.get(name="Originality").pk)
    with pytest.raises(Refused, match="Still to score: Originality"):
        actions.submit(judge, assignment, scores=scores)
    assert not Ballot.objects.exists()


def test_submitted_can_be_changed_until_judging_closes_and_each_is_audited(
    event, judge, assignment
):
    actions.submit(judge, assignment, scores=scores_of(event, 4))
    actions.submit(judge, assignment, scores=scores_of(event, 2), version=1)
    assert set(stored(assignment).values()) == {2}
    entries = AuditEntry.objects.filter(verb="submit_ballot")
    assert [set(entry.details["scores"].values()) for entry in entries] == [{2}, {4}]


def test_draft_over_a_submitted_sheet_is_refused(event, judge, assignment):
    actions.submit(judge, assignment, scores=scores_of(event, 4))
    with pytest.raises(Refused) as refused:
        actions.save_draft(judge, assignment, scores={}, version=1)
    assert refused.value.code == "ballot.submitted"
    assert set(stored(assignment).values()) == {4}


def test_reopened_sheet_counts_no_more(event, judge, assignment):
    actions.submit(judge, assignment, scores=scores_of(event, 4))
    actions.reopen(judge, assignment, version=1)
    assert not Ballot.objects.counted().exists()
    assert set(stored(assignment).values()) == {4}


def test_save_after_the_close_is_refused_and_keeps_what_was_saved(event, judge, assignment):
    actions.save_draft(judge, assignment, scores=scores_of(event, 3))
    close_phase(event, Phase.Kind.JUDGING)
    for verb in (actions.save_draft, actions.submit):
        with pytest.raises(Refused) as refused:
            verb(judge, assignment, scores=scores_of(event, 5), version=1)
        assert refused.value.code == "judging.closed"
    assert set(stored(assignment).values()) == {3}


def test_save_after_publication_is_refused(event, organizer, judge, assignment):
    open_results(organizer, event)
    with pytest.raises(Refused) as refused:
        actions.submit(judge, assignment, scores=scores_of(event, 5))
    assert refused.value.code == "judging.closed"


def test_older_version_is_refused(event, judge, assignment):
    """B88: two tabs with different scores."""
    actions.save_draft(judge, assignment, scores=scores_of(event, 3))
    actions.save_draft(judge, assignment, scores=scores_of(event, 4), version=1)
    with pytest.raises(Refused) as refused:
        actions.save_draft(judge, assignment, scores=scores_of(event, 1), version=1)
    assert refused.value.code == "ballot.stale"
    assert set(stored(assignment).values()) == {4}


@pytest.mark.parametrize("value", [0, 6, -1])
def test_score_off_the_scale_is_refused(event, judge, assignment, value):
    with pytest.raises(Refused) as refused:
        actions.save_draft(judge, assignment, scores=scores_of(event, value))
    assert refused.value.code == "ballot.odd_score"
    assert not Ballot.objects.exists()


def test_criterion_of_another_event_is_refused(judge, assignment, other_event):
    foreign = other_event.criteria.create(name="Elsewhere", question="?")
    with pytest.raises(Refused) as refused:
        actions.save_draft(judge, assignment, scores={foreign.pk: 3})
    assert refused.value.code == "ballot.odd_score"


@pytest.mark.parametrize("who", ["organizer", "second_judge", "author", "stranger"])
def test_nobody_else_scores_for_a_judge(request, event, assignment, who):
    with pytest.raises(Refused) as refused:
        actions.save_draft(request.getfixturevalue(who), assignment, scores=scores_of(event, 5))
    assert refused.value.code == "ballot.not_yours"
    assert not Ballot.objects.exists()


def test_conflict_after_scoring_keeps_the_scores_and_counts_them_no_more(
    event, judge, assignment, submission
):
    """B89."""
    actions.submit(judge, assignment, scores=scores_of(event, 5))
    declare_conflict(judge, submission, judge=judge)
    assert not Ballot.objects.counted().exists()
    assert set(stored(assignment).values()) == {5}
    with pytest.raises(Refused) as refused:
        actions.save_draft(judge, assignment, scores=scores_of(event, 1), version=1)
    assert refused.value.code == "ballot.not_yours"


def test_judge_sees_own_ballots_only(event, judge, second_judge, assignment):
    ballot = actions.submit(judge, assignment, scores=scores_of(event, 5))
    assert list(Ballot.objects.visible_to(judge)) == [ballot]
    assert not Ballot.objects.visible_to(second_judge).exists()


def test_database_refuses_a_zero_and_a_second_score(event, judge, assignment):
    """I5: one judgement of a judge, a submission and a criterion."""
    ballot = actions.submit(judge, assignment, scores=scores_of(event, 5))
    criterion = event.criteria.first()
    for change in (
        lambda: Score.objects.filter(ballot=ballot).update(value=0),
        lambda: Score.objects.create(ballot=ballot, criterion=criterion, value=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def race(judge, assignment, event):
    """Two saves that name the same version; the first holds its transaction open meanwhile.

    Returns what became of each: the version it made, or the code of its refusal.
    """
    written, may_commit = Signal(), Signal()

    def save(value, *, first):
        try:
            with transaction.atomic():
                made = actions.save_draft(
                    judge, assignment, scores=scores_of(event, value), version=1
                )
                if first:
                    written.set()
                    may_commit.wait(5)
            return made.version
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(save, 5, first=True)
        assert written.wait(5)
        two = pool.submit(save, 1, first=False)
        # The second is now either waiting for the first or past the check it should wait for.
        sleep(0.3)
        may_commit.set()
        return one.result(60), two.result(60)


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_told_of_the_other(event, judge, assignment):
    actions.save_draft(judge, assignment, scores=scores_of(event, 3))
    assert race(judge, assignment, event) == (2, "ballot.stale")
    assert set(stored(assignment).values()) == {5}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_refuses_the_second_save(
    event, judge, assignment, monkeypatch
):
    """Negative control: what the lock is for; without it only the version's number is left."""
    actions.save_draft(judge, assignment, scores=scores_of(event, 3))
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_options: self)
    with pytest.raises(IntegrityError, match="ballot_version_once"):
        race(judge, assignment, event)
