from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from judging.awards import actions
from judging.awards.invariants import broken
from judging.awards.models import Publication
from judging.awards.reproduction import differences
from judging.ballots.models import Score
from judging.panel.conflicts import declare_conflict
from judging.ranking import VERSION


@pytest.fixture
def publication(event, organizer, judged):
    actions.propose_from_ranking(organizer, event)
    return actions.publish(organizer, event, confirmed=True)


def run(slug):
    """(exit code, what was said)"""
    told = StringIO()
    try:
        call_command("reproduce_ranking", slug, stdout=told)
    except SystemExit as end:
        return end.code, told.getvalue()
    return 0, told.getvalue()


def test_published_ranking_is_reproduced(event, publication):
    code, told = run(event.slug)
    assert code == 0
    assert f"those of Summer: {publication.input_hash[:12]}" in told


def test_changed_score_is_told_with_what_it_changes(event, publication, judged):
    Score.objects.filter(ballot__assignment__submission=judged[0]).update(value=1)
    code, told = run(event.slug)
    assert code == 1
    assert f"the hash was {publication.input_hash}" in told
    assert f"tools: {judged[0].pk}: place was 1, it is 3 now" in told


def test_changed_figure_of_the_snapshot_is_told(event, publication, judged):
    """The ballots are as they were; somebody wrote into what is published."""
    publication.ranking["tracks"]["tools"][1]["mean"] += 0.01
    publication.save()
    [line] = differences(Publication.objects.get())
    assert line.startswith(f"tools: {judged[1].pk}: mean was")
    assert list(broken()) == [f"I7 the results of {event}: {line}"]


def test_last_digits_of_a_processor_make_no_difference(publication):
    publication.ranking["tracks"]["tools"][1]["p_first"] += 0.0005
    publication.save()
    assert differences(publication) == []


def test_removed_submission_and_judge_are_named(organizer, publication, judge, judged):
    for submission in judged:
        declare_conflict(organizer, submission, judge=judge)
    judged[2].state = judged[2].State.WITHDRAWN
    judged[2].save()
    told = differences(publication)
    assert f"tools: {judged[2].pk} was published and is not ranked now" in told
    assert f"judges: {judge.pk} was published and is not ranked now" in told
    assert list(broken()) == [], "the ballots are others now: nothing is damaged"


def test_other_version_of_the_model_is_named(publication):
    publication.ranking["model"] = 0
    publication.save()
    assert differences(publication) == [f"model: it was version 0, it is {VERSION} now"]


def test_place_by_decision_is_named_with_its_reason(event, organizer, judged, track):
    actions.propose_from_ranking(organizer, event)
    actions.set_award(organizer, track, place=1, submission=judged[2], reason="The jury met.")
    actions.propose_from_ranking(organizer, event)
    actions.publish(organizer, event, confirmed=True)
    code, told = run(event.slug)
    assert code == 0
    assert "By decision, not by the ranking: Tools: 1. Cat: The jury met." in told


def test_event_without_publication_is_an_error(event):
    with pytest.raises(CommandError, match="Nothing is published") as error:
        run(event.slug)
    assert error.value.returncode == 2
