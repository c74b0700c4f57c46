"""A second organizer, a time of release, versions, prizes, ties; what is public and what is not."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions as events
from events.models import Role
from judging.awards import actions, confirming, poster_votes, prizes
from judging.awards.models import Prize, Publication, Release
from judging.ballots import actions as ballots
from judging.panel import actions as panel
from judging.panel.models import Assignment
from notices.models import Mail
from submissions.entries.models import Submission
from submissions.programme.actions import schedule
from submissions.programme.models import Poster
from tests.conftest import make_user
from tests.judging.conftest import scores_of
from theme.refusal import Refused


@pytest.fixture
def second(event):
    user = make_user("coorganizer")
    events.grant_role(None, event, to=user, kind=Role.Kind.ORGANIZER)
    return user


@pytest.fixture
def proposed(event, organizer, judged):
    actions.propose_from_ranking(organizer, event)
    return judged


def publish(event, organizer):
    return actions.publish(organizer, event, confirmed=True)


def change_a_score(event, judge):
    assignment = Assignment.objects.filter(judge=judge).first()
    version = assignment.ballot.version
    ballots.submit(judge, assignment, scores=scores_of(event, 3), version=version)


def test_publication_waits_for_a_second_organizer(event, organizer, second, judge, proposed):
    panel.set_up(organizer, event, second_organizer=True)
    confirming.confirm(organizer, event)  # the own one is not enough
    with pytest.raises(Refused) as refused:
        publish(event, organizer)
    assert refused.value.code == "awards.unconfirmed"
    confirming.confirm(second, event)
    change_a_score(event, judge)  # voids it
    with pytest.raises(Refused):
        publish(event, organizer)
    confirming.confirm(second, event)
    assert publish(event, organizer).version == 1


@pytest.mark.parametrize("who", ["judge", "stranger", "author"])
def test_only_organizers_confirm(request, event, judged, who):
    with pytest.raises(Refused):
        confirming.confirm(request.getfixturevalue(who), event)


def test_release_is_published_when_it_is_due(event, organizer, proposed):
    confirming.schedule(organizer, event, at=timezone.now() + timedelta(hours=1))
    confirming.release_due()
    assert not Publication.objects.exists()
    Release.objects.update(at=timezone.now() - timedelta(seconds=1))
    confirming.release_due()
    confirming.release_due()
    assert Publication.objects.get().published_by == organizer
    assert not Release.objects.exists()


def test_release_that_cannot_be_published_says_why(event, organizer, judged):
    confirming.schedule(organizer, event, at=timezone.now() + timedelta(hours=1))
    Release.objects.update(at=timezone.now() - timedelta(seconds=1))
    confirming.release_due()
    assert "Places still to be given" in Release.objects.get().refused
    assert not Publication.objects.exists()


def test_second_version_is_seen_by_nobody_before_the_click(
    sign_in, event, organizer, judge, author, track, proposed
):
    """B90: publish, take back, change, publish: versions are kept."""
    first = publish(event, organizer)
    actions.unpublish(organizer, event)
    url = reverse("awards:results", args=[event.slug])
    actions.set_award(organizer, track, place=1, submission=proposed[2], reason="We looked again.")
    assert sign_in(author).get(url).status_code == 404
    assert sign_in(None).get(url).status_code == 404
    for place, submission in ((2, proposed[0]), (3, proposed[1])):
        actions.set_award(organizer, track, place=place, submission=submission, reason="So.")
    again = publish(event, organizer)
    assert (first.version, again.version) == (1, 2)
    assert Publication.objects.standing().get() == again
    assert Publication.objects.get(version=1).places[0]["submission"] == str(proposed[0].pk)
    assert again.places[0]["submission"] == str(proposed[2].pk)


def test_two_may_share_a_place_and_leave_the_next_one_out(event, organizer, track, judged):
    ant, bee, cat = judged
    actions.set_award(organizer, track, place=1, submission=ant, reason="A tie.")
    actions.set_award(organizer, track, place=1, submission=bee, reason="A tie.", shared=True)
    actions.propose_from_ranking(organizer, event)
    places = list(track.awards.values_list("place", "submission__title"))
    assert places == [(1, "Ant"), (1, "Bee"), (3, "Cat")]
    assert publish(event, organizer)
    assert cat.awards.get().place == 3


def test_prize_needs_a_winner_before_publication(event, organizer, proposed):
    prizes.set_prize(organizer, event, name="Best data")
    with pytest.raises(Refused, match="Best data"):
        publish(event, organizer)
    prizes.set_prize(organizer, event, name="Best data", submission=proposed[1], reason="Clean.")
    publish(event, organizer)
    with pytest.raises(Refused):
        prizes.remove_prize(organizer, Prize.objects.get())


@pytest.mark.parametrize("who", ["judge", "stranger", "author"])
def test_only_organizers_give_prizes(request, event, judged, who):
    with pytest.raises(Refused):
        prizes.set_prize(request.getfixturevalue(who), event, name="Mine")


def test_json_is_there_with_the_publication_and_not_before(sign_in, event, organizer, proposed):
    """B62: no suffix shows what the page does not."""
    url = reverse("awards:results_json", args=[event.slug])
    assert sign_in(organizer).get(url).status_code == 404
    publication = publish(event, organizer)
    told = json.loads(sign_in(None).get(url).content)
    assert [place["title"] for place in told["places"]] == ["Ant", "Bee", "Cat"]
    assert told["input_sha256"] == publication.input_hash
    assert told["numbers"]["reviews"] == 6


def test_authors_get_a_certificate_of_their_own_work_only(sign_in, event, organizer, proposed):
    publish(event, organizer)
    mine, other = proposed[0], proposed[1]
    author = mine.team.members.get()
    answer = sign_in(author).get(reverse("awards:certificate", args=[event.slug, mine.pk]))
    assert answer.content.startswith(b"%PDF")
    foreign = reverse("awards:certificate", args=[event.slug, other.pk])
    assert sign_in(author).get(foreign).status_code == 404


def test_scores_are_shown_to_authors_if_the_event_says_so(sign_in, event, organizer, proposed):
    publish(event, organizer)
    author = proposed[0].team.members.get()
    url = reverse("awards:comments", args=[event.slug])
    assert "5, 4" not in sign_in(author).get(url).content.decode()
    panel.set_up(organizer, event, shows_scores=True)
    page = sign_in(author).get(url).content.decode()
    assert "5, 4" in page
    assert "Second" not in page


def test_winners_and_judges_are_told_by_mail_once(event, organizer, proposed, judge):
    publish(event, organizer)
    winner = proposed[0].team.members.get()
    won = Mail.objects.get(recipient=winner, template="awards/mail/won")
    assert "you have won" in won.subject
    assert "Tools: 1. Ant" in won.text
    assert Mail.objects.filter(recipient=judge, template="awards/mail/thanks").count() == 1


def test_winner_of_two_of_one_title_alone_is_told_of_the_prize(event, organizer, proposed):
    Submission.objects.filter(pk__in=[one.pk for one in proposed]).update(title="Untitled")
    publish(event, organizer)
    told = {}
    for place, submission in enumerate(proposed, start=1):
        winner = submission.team.members.get()
        mail = Mail.objects.get(recipient=winner, template="awards/mail/won")
        told[place] = [line for line in mail.text.splitlines() if "Untitled" in line]
    assert [len(lines) for lines in told.values()] == [1, 1, 1]
    assert all(f"{place}. Untitled" in lines[0] for place, lines in told.items())


def test_prize_of_a_category_goes_to_none_of_another(event, organizer, proposed):
    web = event.tracks.get(slug="web")
    with pytest.raises(Refused, match="another category"):
        prizes.set_prize(organizer, event, name="Best web", track=web, submission=proposed[0])


def poster_of(event, track, submission, *voters):
    """A poster that these people vote for."""
    place = event.tracks.get(slug=track)
    poster = Poster.objects.create(event=event, track=place, title=track, submission=submission)
    for voter in voters:
        poster.votes.create(user=voter, event=event, track=place)
    return poster


def test_prize_by_votes_counts_the_category_alone(event, organizer, proposed, stranger, rival):
    """The poster of the other category has more votes."""
    ours = poster_of(event, "tools", proposed[0], stranger)
    poster_of(event, "web", None, stranger, rival)
    assert prizes.most_votes(event) is None  # the most are for one that was never handed in
    made = prizes.set_prize(
        organizer, event, name="Best poster", by=Prize.By.VOTES, track=ours.track
    )
    assert made.submission == proposed[0]


@pytest.mark.parametrize("name", ["awards:ranking", "awards:results", "ballots:progress"])
def test_pages_of_judging_are_kept_by_no_cache(sign_in, event, organizer, proposed, name):
    """B91: what one may see, the next one behind the same proxy does not get."""
    answer = sign_in(organizer).get(reverse(name, args=[event.slug]))
    assert "no-store" in answer["Cache-Control"]
    for other in (None, "stranger"):
        browser = sign_in(make_user(other) if other else None)
        assert "Ant" not in browser.get(reverse(name, args=[event.slug])).content.decode()


@pytest.fixture
def voted(event, organizer, proposed, stranger, rival):
    """The vote is over: one poster of the tools has both votes, two of the web have one each."""
    over = {"vote_opens_at": timezone.now() - timedelta(days=2)}
    schedule.save_settings(
        organizer, event, **over, vote_closes_at=timezone.now() - timedelta(days=1)
    )
    made = [
        Poster.objects.create(
            event=event, track=event.tracks.get(slug=slug), title=title, submission=submission
        )
        for slug, title, submission in (
            ("tools", "First", proposed[0]),
            ("web", "One", None),
            ("web", "Other", None),
        )
    ]
    for voter, posters in ((stranger, made[:2]), (rival, (made[0], made[2]))):
        for poster in posters:
            poster.votes.create(user=voter, event=event, track=poster.track)
    return made


def test_votes_give_a_prize_where_there_is_a_clear_first(sign_in, event, organizer, judge, voted):
    page = reverse("programme:votes", args=[event.slug])
    assert "Give the prizes by these votes" in sign_in(organizer).get(page).content.decode()
    asked = reverse("awards:award_votes", args=[event.slug])
    assert sign_in(judge).post(asked).status_code == 404
    answer = sign_in(organizer).post(asked, follow=True).content.decode()
    prize = event.prizes.get()
    assert (prize.name, prize.submission) == ("Best poster: Tools", voted[0].submission)
    assert "2 posters have 1 vote each. Decide this prize yourself." in answer


def test_open_vote_decides_nothing_and_later_votes_count_at_publication(
    event, organizer, proposed, voted, judge
):
    later = timezone.now() + timedelta(days=1)
    poster_votes.award(organizer, event)
    schedule.save_settings(organizer, event, vote_closes_at=later)
    with pytest.raises(Refused, match="vote is still open"):
        poster_votes.award(organizer, event)
    with pytest.raises(Refused, match="vote is still open"):
        publish(event, organizer)
    second = Poster.objects.create(
        event=event, track=voted[0].track, title="Second", submission=proposed[1]
    )
    voted[0].votes.update(poster=second)
    schedule.save_settings(organizer, event, vote_closes_at=timezone.now())
    publish(event, organizer)
    assert event.prizes.get().submission == proposed[1]


def test_why_is_said_without_a_judge_s_name(sign_in, event, organizer, proposed):
    url = reverse("awards:why", args=[event.slug, proposed[0].pk])
    page = " ".join(sign_in(organizer).get(url).content.decode().split())
    assert "puts it at place 1" in page
    main = page.partition("<main")[2].partition("</main")[0]
    assert "Second" not in main


def test_organizer_with_an_interest_is_not_told_who_reads_it(sign_in, event, organizer, judged):
    """Who got extra reviews says how the ranking stands."""
    page = sign_in(organizer).get(reverse("panel:detail", args=[event.slug])).content.decode()
    assert "Ant" in page
    events.register(organizer, event)
    mine = judged[2].team
    events.join_team(organizer, event, code=mine.invite_code)
    page = sign_in(organizer).get(reverse("panel:detail", args=[event.slug])).content.decode()
    main = page.partition('id="assignments"')[2].partition("<form")[0]
    assert "Ant" not in main
