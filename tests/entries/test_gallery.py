"""What everybody may look at: from when, with whose consent, in which order; the votes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
import yaml
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from events import exchange, papers
from submissions.entries import gallery, searching, votes
from submissions.entries.entry_types import POSTER, create_type
from submissions.entries.models import Submission, Vote
from tests.conftest import make_user
from theme.refusal import Refused


@pytest.fixture
def shown(organizer, event, submission):
    """The author's project, in a gallery that is open."""
    Submission.objects.filter(pk=submission.pk).update(publish=True)
    opened = timezone.now() - timedelta(minutes=1)
    gallery.set_gallery(organizer, event, opens_at=opened, votes=True)
    return submission


def looks(browser, event) -> str:
    return browser.get(reverse("entries:gallery", args=[event.slug])).content.decode()


def test_gallery_opens_at_its_date_and_shows_what_agreed(sign_in, organizer, event, shown):
    browser = sign_in(None)
    assert shown.title in looks(browser, event)
    page = browser.get(shown.get_absolute_url()).content.decode()
    assert 'property="og:image"' in page
    image = browser.get(reverse("entries:picture", args=[event.slug, shown.pk]))
    assert image.content.startswith(b"\x89PNG")
    Submission.objects.update(publish=False)
    assert shown.title not in looks(browser, event)
    Submission.objects.update(publish=True)
    gallery.set_gallery(organizer, event, opens_at=timezone.now() + timedelta(hours=1))
    assert shown.title not in looks(browser, event)
    assert browser.get(shown.get_absolute_url()).status_code == 404


@pytest.mark.skipif(not papers.fonts(), reason="this machine has no fonts")
def test_share_picture_writes_letters_that_are_not_ascii():
    """A font without them draws the same box for each."""
    assert gallery.picture("Łódź", "Web", "Summer") != gallery.picture("Köln", "Web", "Summer")
    assert gallery.picture("Датчик", "Web", "Summer") != gallery.picture("Прибор", "Web", "Summer")


def test_gallery_by_others_than_organizers_is_refused(author, event):
    with pytest.raises(Refused) as refused:
        gallery.set_gallery(author, event, opens_at=timezone.now())
    assert refused.value.code == "gallery.not_yours"


def test_order_is_each_visitors_own_and_fair():
    """Over many visitors everybody stands first about as often; for one it never changes."""
    entries = [SimpleNamespace(pk=number) for number in range(5)]
    first = [gallery.shuffled(entries, str(seed))[0].pk for seed in range(1000)]
    assert gallery.shuffled(entries, "1") == gallery.shuffled(entries[::-1], "1")
    assert all(150 < first.count(number) < 250 for number in range(5))


def test_filter_by_track_and_tool(sign_in, author, event, shown):
    Submission.objects.update(built_with="PyTorch, Wool")
    gallery.note_tools(Submission.objects.get())
    url, browser = reverse("entries:gallery", args=[event.slug]), sign_in(None)
    asked = {"tools": "track=tools", "web": "track=web", "wool": "tool=wool", "tin": "tool=tin"}
    found = {n: shown.title in browser.get(f"{url}?{q}").content.decode() for n, q in asked.items()}
    assert found == {"tools": True, "web": False, "wool": True, "tin": False}


@pytest.mark.parametrize("vendor", ["postgresql", "sqlite"])
def test_search_finds_all_words_on_either_database(monkeypatch, submission, vendor):
    monkeypatch.setattr(searching, "connection", SimpleNamespace(vendor=vendor))
    every = Submission.objects.all()
    Submission.objects.update(description="Broken sensors hover.", built_with="PyTorch")
    asked = ["sensors pytorch", "BROKEN", "sensors kites", "100%", "\x00", "kestrel"]
    found = [searching.search(every, words, people=True).exists() for words in asked]
    assert found == [True, True, False, False, True, True]


def test_count_of_votes_is_hidden_until_it_is_published(
    sign_in, stranger, organizer, author, event, shown
):
    votes.vote(stranger, shown)
    with pytest.raises(Refused) as refused:
        votes.vote(author, shown)
    assert refused.value.code == "vote.own"
    browser = sign_in(None)
    assert "1 vote" not in looks(browser, event) + page_of(browser, shown)
    gallery.set_gallery(organizer, event, votes_published=True)
    assert "1 vote" in looks(browser, event)
    assert "1 vote of the audience" in page_of(browser, shown)
    with pytest.raises(Refused) as refused:
        votes.vote(stranger, shown)
    assert refused.value.code == "vote.closed"


def page_of(browser, submission) -> str:
    return browser.get(submission.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mailbox", [True, False], ids=["one mailbox", "control"])
def test_fifty_votes_at_once_are_one_a_person_and_mailbox(
    monkeypatch, event, author, shown, mailbox
):
    """B70, on real connections; the control takes every address for a mailbox of its own."""
    if not mailbox:
        monkeypatch.setattr(votes, "mailbox", lambda address: address)
    voters = [make_user(f"kestrel+{n}") for n in range(5)]

    def vote(number):
        try:
            votes.vote(voters[number % 5], shown)
            return "counted"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        said = set(pool.map(vote, range(50)))
    assert Vote.objects.filter(event=event).count() == (1 if mailbox else 5)
    assert said == ({"counted", "vote.mailbox"} if mailbox else {"counted"})


def test_entry_types_are_written_into_the_file_of_an_event_and_read_again(organizer, event):
    kind = create_type(None, event, **POSTER | {"several_tracks": True, "per_person": 2})
    kind.tracks.set(event.tracks.filter(slug="web"))
    kind.questions.create(slug="for", label="For whom?", limit=20, unit="words", required=True)
    event.refresh_from_db()
    text = exchange.to_yaml(event)
    told = yaml.safe_load(text) | {"slug": "again"}
    again = exchange.import_event(organizer, told)
    assert yaml.safe_load(exchange.to_yaml(again)) == told
    read = again.entry_types.get(slug="poster")
    assert (read.several_tracks, read.blind, read.per_person) == (True, True, 2)
    assert [track.slug for track in read.tracks.all()] == ["web"]
    assert read.questions.get().unit == "words"
