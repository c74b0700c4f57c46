"""A submission that enters several categories competes in each of them."""

import pytest
from django.urls import reverse

from events import actions as events
from events.models import Role
from judging.awards import actions, public_views, winners
from judging.awards.standings import standings
from judging.ballots import actions as ballots
from judging.ballots.models import Score
from judging.ballots.tally import gather
from judging.panel import actions as panel
from judging.panel.models import Criterion
from judging.panel.rules import hidden_tracks
from submissions.entries.models import EntryType, Submission
from tests.conftest import make_user
from tests.judging.conftest import make_submission, scores_of


@pytest.fixture
def web(event):
    return event.tracks.get(slug="web")


@pytest.fixture
def both(event, organizer, judge, second_judge, judged, web):
    """Ant, the best of Tools, enters Web as well, where Dog and Elk are; Web asks a question more,
    in which Ant is worst."""
    EntryType.objects.update(several_tracks=True)
    ant = Submission.objects.get(pk=judged[0].pk)
    ant.more_tracks.add(web, through_defaults={"event_id": event.pk})
    dog, elk = (make_submission(event, title, track="web") for title in ("Dog", "Elk"))
    for submission, value in ((dog, 4), (elk, 1)):
        for user in (judge, second_judge):
            assignment = panel.assign(organizer, submission, judge=user)
            ballots.submit(user, assignment, scores=scores_of(event, value))
    asked = event.criteria.create(name="Web", question="?", track=web, weight=20, position=9)
    for submission, value in ((ant, 1), (dog, 5), (elk, 3)):
        for assignment in submission.assignments.all():
            Score.objects.create(ballot=assignment.ballot, criterion=asked, value=value)
    return ant, dog, elk


def order(event):
    return {
        contest.key: [str(row.submission) for row in contest.rows]
        for contest in standings(event).contests
    }


def test_it_is_ranked_in_each_by_what_that_category_asks(event, both):
    assert order(event) == {"tools": ["Ant", "Bee", "Cat"], "web": ["Dog", "Elk", "Ant"]}
    for contest in standings(event).contests:
        assert sum(row.p_first for row in contest.rows) == pytest.approx(1)
    assert {row.reviews for row in standings(event).judges} == {5}  # and not 6: Ant was read once


def test_where_all_ask_the_same_it_is_one_entrant(event, both):
    Criterion.objects.filter(track__isnull=False).update(track=None)
    inputs = gather(event)
    assert len(inputs.entrants) == len(inputs.submissions) == 5
    assert {len(members) for members in inputs.contests.values()} == {3}


def test_of_a_type_that_enters_one_only_the_first_counts(event, both):
    """The negative control: what was entered further before the type was changed."""
    EntryType.objects.update(several_tracks=False)
    assert order(event) == {"tools": ["Ant", "Bee", "Cat"], "web": ["Dog", "Elk"]}


def test_judge_is_asked_the_questions_of_all_it_enters(both):
    asked = [set(Criterion.objects.asked_of(one).values_list("name", flat=True)) for one in both]
    assert ["Web" in names for names in asked] == [True, True, True]


def test_it_wins_in_each_and_the_results_say_so(event, organizer, author, both, web, sign_in):
    actions.propose_from_ranking(organizer, event)
    ant = both[0]
    assert sorted(str(award) for award in ant.awards.all()) == ["Tools: 1. Ant", "Web: 3. Ant"]
    actions.publish(organizer, event, confirmed=True)
    tracks = {one["slug"]: one for one in winners.as_json(event)["tracks"]}
    assert [tracks[slug]["ranked"] for slug in ("tools", "web")] == [3, 3]
    page = sign_in(author).get(reverse("awards:results", args=[event.slug])).content.decode()
    assert page.count("Team Ant") == 2
    assert public_views._place(ant.awards.get(track=web)) == "Third place, Web"


def test_missing_places_count_it_in_each(event, both):
    assert actions.missing_places(event) == ["Tools: 1, 2, 3", "Web: 1, 2, 3"]


def test_hash_tells_that_it_enters_another(event, both):
    before = gather(event).sha256
    both[0].more_tracks.clear()
    assert gather(event).sha256 != before


def test_organizer_with_work_in_one_is_told_nothing_of_what_it_competes_with(event, both, web):
    """Ant stands in the ranking of Tools too, so who has a rival of it in Web sees neither."""
    rival = both[1].team.members.get()
    events.grant_role(None, event, to=rival, kind=Role.Kind.ORGANIZER)
    assert {track.slug for track in hidden_tracks(rival, event)} == {"tools", "web"}
    both[0].more_tracks.clear()
    assert [track.slug for track in hidden_tracks(rival, event)] == ["web"]
    assert hidden_tracks(make_user("free"), event) == []
