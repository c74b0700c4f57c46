from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from time import sleep

import pytest
from django.db import IntegrityError, connection, models, transaction

from events import actions as events
from events.models import Role
from judging.awards import actions
from judging.awards.models import Award, Publication
from judging.awards.standings import standings
from judging.ballots import actions as ballots
from judging.ballots.tally import gather
from judging.panel import conflicts
from judging.panel.models import Assignment
from notices.models import AuditEntry
from submissions.entries.models import Submission
from tests.conftest import make_user
from tests.judging.conftest import make_submission, scores_of
from theme.refusal import Refused


def winners(event):
    return [(award.place, award.submission.title) for award in Award.objects.filter(event=event)]


def test_proposal_fills_the_places_in_the_order_of_the_ranking(event, organizer, judged):
    actions.propose_from_ranking(organizer, event)
    assert winners(event) == [(1, "Ant"), (2, "Bee"), (3, "Cat")]
    assert actions.propose_from_ranking(organizer, event) == []


def test_proposal_never_names_what_nobody_reviewed(event, organizer, judged):
    make_submission(event, "Unseen", track="web")
    actions.propose_from_ranking(organizer, event)
    assert "Unseen" not in dict(winners(event)).values()


def test_decision_overrules_and_keeps_its_reason(event, organizer, judged, track):
    actions.propose_from_ranking(organizer, event)
    actions.set_award(organizer, track, place=1, submission=judged[2], reason="The jury met.")
    assert winners(event) == [(1, "Cat"), (2, "Bee")]
    assert AuditEntry.objects.filter(verb="set_award").get().details["reason"] == "The jury met."


def test_proposal_after_a_decision_fills_the_gap_only(event, organizer, judged, track):
    actions.set_award(organizer, track, place=1, submission=judged[2], reason="The jury met.")
    actions.propose_from_ranking(organizer, event)
    assert winners(event) == [(1, "Cat"), (2, "Ant"), (3, "Bee")]


def test_decision_needs_a_reason(organizer, judged, track):
    with pytest.raises(Refused) as refused:
        actions.set_award(organizer, track, place=1, submission=judged[0], reason="  ")
    assert refused.value.code == "awards.no_reason"
    assert not Award.objects.exists()


def test_submission_of_another_track_gets_no_place(event, organizer, judged, track):
    other = make_submission(event, "Dog", track="web")
    with pytest.raises(Refused) as refused:
        actions.set_award(organizer, track, place=1, submission=other, reason="Nice.")
    assert refused.value.code == "awards.foreign_submission"


def test_organizer_with_work_in_the_track_does_not_decide_it(event, judged, track):
    insider = Submission.objects.get(title="Ant").team.members.get()
    events.grant_role(None, event, to=insider, kind=Role.Kind.ORGANIZER)
    with pytest.raises(Refused) as refused:
        actions.set_award(insider, track, place=1, submission=judged[0], reason="Mine.")
    assert refused.value.code == "awards.not_yours"
    assert actions.propose_from_ranking(insider, event) == []


def test_publish_with_a_place_missing_names_it(event, organizer, judged, track):
    actions.set_award(organizer, track, place=2, submission=judged[2], reason="The jury met.")
    with pytest.raises(Refused, match="Tools: 1, 3"):
        actions.publish(organizer, event, confirmed=True)
    assert not Publication.objects.exists()


def test_publish_wants_to_be_confirmed(event, organizer, judged):
    actions.propose_from_ranking(organizer, event)
    with pytest.raises(Refused) as refused:
        actions.publish(organizer, event)
    assert refused.value.code == "awards.not_confirmed"


def test_publish_is_the_owners(event, judged):
    helper = make_user("helper")
    events.grant_role(None, event, to=helper, kind=Role.Kind.ORGANIZER)
    actions.propose_from_ranking(helper, event)
    with pytest.raises(Refused) as refused:
        actions.publish(helper, event, confirmed=True)
    assert refused.value.code == "awards.not_yours"


def publish(event, organizer):
    actions.propose_from_ranking(organizer, event)
    return actions.publish(organizer, event, confirmed=True)


def test_publication_keeps_the_ranking_and_the_hash_of_its_inputs(event, organizer, judged):
    """I7: recomputed, it is the same."""
    publication = publish(event, organizer)
    assert publication.input_hash == gather(event).sha256
    assert publication.ranking == standings(event).snapshot()
    assert publication.ranking["tracks"]["tools"][0]["submission"] == str(judged[0].pk)
    assert AuditEntry.objects.filter(verb="publish_results").exists()


def test_hash_changes_with_one_score_and_not_with_a_comment(event, judge, judged):
    assignment = Assignment.objects.get(judge=judge, submission=judged[0])
    before = gather(event).sha256
    ballots.submit(judge, assignment, scores=scores_of(event, 5), comment="New.", version=1)
    assert gather(event).sha256 == before
    ballots.submit(judge, assignment, scores=scores_of(event, 4), version=2)
    assert gather(event).sha256 != before


def test_publication_ends_judging_and_opens_submissions(event, organizer, judge, judged, stranger):
    publish(event, organizer)
    assignment = Assignment.objects.get(judge=judge, submission=judged[0])
    with pytest.raises(Refused) as refused:
        ballots.submit(judge, assignment, scores=scores_of(event, 1), version=1)
    assert refused.value.code == "judging.closed"
    assert Submission.objects.visible_to(stranger).count() == 3


def test_published_places_stay(event, organizer, judged, track):
    publish(event, organizer)
    for change in (
        lambda: actions.set_award(organizer, track, place=1, submission=judged[2], reason="No."),
        lambda: actions.propose_from_ranking(organizer, event),
        lambda: actions.publish(organizer, event, confirmed=True),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "awards.published"


def test_unpublish_hides_everything_again_and_remembers(event, organizer, judged, stranger):
    shown = publish(event, organizer)
    actions.unpublish(organizer, event)
    assert not Publication.objects.standing().exists()
    assert not Submission.objects.visible_to(stranger).exists()
    kept = AuditEntry.objects.get(verb="unpublish_results").details
    assert kept["input_hash"] == shown.input_hash
    assert event.publications.get().ranking == shown.ranking


def test_declared_conflict_changes_the_ranking(event, judge, judged):
    """B89: the ranking is computed anew without the judge's scores."""
    before = gather(event).sha256
    conflicts.declare_conflict(judge, judged[0], judge=judge)
    inputs = gather(event)
    assert inputs.sha256 != before
    assert (judge.pk, judged[0].pk) not in {(row[0], row[1]) for row in inputs.scores}


def test_shorter_scales_are_stretched_to_the_longest(event, judged):
    """The best step of nine and the best of five say the same."""
    event.criteria.filter(name="Originality").update(steps=9)
    (_judge, _entry, score), _options = gather(event).arrays()
    assert (score.min(), score.max()) == (1, 9)


def test_database_refuses_a_place_twice_and_a_fourth(event, judged, track):
    told = {"event": event, "track": track, "entry_type": judged[0].entry_type}
    Award.objects.create(place=1, submission=judged[0], **told)
    for place, submission in ((1, judged[1]), (4, judged[1]), (2, judged[0])):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.create(place=place, submission=submission, **told)


def test_talks_and_posters_of_one_category_are_ranked_and_placed_apart(event, organizer, judged):
    """The best poster is no second to the best talk."""
    talk = event.entry_types.create(slug="talk", kind="talk", name="Talk")
    Submission.objects.filter(pk=judged[1].pk).update(entry_type=talk)
    found = standings(event)
    names = [(str(c), [row.submission.title for row in c.rows]) for c in found.contests]
    project = judged[0].entry_type
    assert names == [(f"Tools · {project}", ["Ant", "Cat"]), ("Tools · Talk", ["Bee"])]
    assert [contest.rows[0].p_first > 0.5 for contest in found.contests] == [True, True]
    assert sorted(found.snapshot()["tracks"]) == ["tools/project", "tools/talk"]
    assert actions.missing_places(event) == [f"Tools · {project}: 1, 2", "Tools · Talk: 1"]
    made = actions.propose_from_ranking(organizer, event)
    assert [(a.place, a.submission.title) for a in made] == [(1, "Ant"), (2, "Cat"), (1, "Bee")]
    assert actions.publish(organizer, event, confirmed=True)


def race(event, organizer, judge, assignment):
    """A judge's save holds its transaction open while the owner publishes (F42)."""
    written, may_commit = Signal(), Signal()

    def save():
        with transaction.atomic():
            ballots.submit(judge, assignment, scores=scores_of(event, 1), version=1)
            written.set()
            may_commit.wait(5)
        connection.close()

    def publish_meanwhile():
        try:
            return actions.publish(organizer, event, confirmed=True).input_hash
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        saving = pool.submit(save)
        assert written.wait(5)
        publishing = pool.submit(publish_meanwhile)
        sleep(0.5)  # it now waits for the save, or has read past it
        may_commit.set()
        saving.result(60)
        return publishing.result(60)


@pytest.mark.django_db(transaction=True)
def test_save_during_publication_is_in_the_published_ranking(event, organizer, judge, judged):
    actions.propose_from_ranking(organizer, event)
    assignment = Assignment.objects.get(judge=judge, submission=judged[0])
    assert race(event, organizer, judge, assignment) == gather(event).sha256


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_a_score_is_stored_but_not_counted(
    event, organizer, judge, judged, monkeypatch
):
    """Negative control."""
    actions.propose_from_ranking(organizer, event)
    assignment = Assignment.objects.get(judge=judge, submission=judged[0])
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_options: self)
    assert race(event, organizer, judge, assignment) != gather(event).sha256
