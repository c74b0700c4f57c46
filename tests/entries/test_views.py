from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import actions as events
from events.models import Phase
from submissions.entries import actions
from submissions.entries.models import Submission
from tests.conftest import close_phase


def text(form_of: Submission | None = None, **changes):
    base = {"title": "Kestrel", "summary": "Finds.", "description": "How.", "revision": 1}
    return {**base, **changes}


def test_create_makes_a_draft_of_the_own_team(sign_in, event, team, author, track):
    url = reverse("entries:create", args=[event.slug])
    answer = sign_in(author).post(url, text(track=track.pk))
    draft = Submission.objects.get()
    assert answer.url == f"{draft.get_absolute_url()}edit/"
    assert (draft.team, draft.state) == (team, Submission.State.DRAFT)


@pytest.mark.parametrize(
    ("is_open", "has_team", "sentence"),
    [
        (True, True, "Nothing is written yet."),
        (True, False, "belongs to a team"),
        (False, False, "submissions are not open now"),
    ],
)
def test_own_list_without_entries_says_what_is_missing(
    sign_in, event, author, is_open, has_team, sentence
):
    if has_team:
        events.create_team(author, event, name="Authors")
    if not is_open:
        close_phase(event, "submission")
    page = sign_in(author).get(reverse("entries:mine", args=[event.slug])).content.decode()
    assert sentence in page


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "not a link"]
)
def test_link_that_is_no_web_address_is_refused_beside_its_field(
    sign_in, event, team, author, track, address
):
    url = reverse("entries:create", args=[event.slug])
    answer = sign_in(author).post(url, text(track=track.pk, demo_url=address, title="Kept text"))
    page = unescape(answer.content.decode())
    assert "Write a full web address" in page
    assert "Kept text" in page
    assert not Submission.objects.exists()


def test_save_after_the_deadline_keeps_what_was_typed(sign_in, event, author, draft):
    close_phase(event, Phase.Kind.SUBMISSION)
    url = reverse("entries:edit", args=[event.slug, draft.pk])
    answer = sign_in(author).post(url, text(track=draft.track_id, summary="My last words."))
    page = unescape(answer.content.decode())
    assert "Submissions are closed" in page
    assert "My last words." in page


def test_conflict_shows_both_texts(sign_in, event, author, draft):
    url = reverse("entries:edit", args=[event.slug, draft.pk])
    browser = sign_in(author)
    browser.post(url, text(track=draft.track_id, summary="Theirs."))
    page = unescape(browser.post(url, text(track=draft.track_id, summary="Mine.")).content.decode())
    assert "Theirs." in page
    assert "Mine." in page
    assert 'name="revision" value="2"' in page  # so that saving again is a decision, not a loop


def test_mass_assignment_is_ignored(sign_in, event, team, author, track, other_event):
    """B61."""
    extra = {"state": "submitted", "team": "other", "event": other_event.pk, "revealed_at": "2020"}
    sign_in(author).post(
        reverse("entries:create", args=[event.slug]), text(track=track.pk, **extra)
    )
    draft = Submission.objects.get()
    assert (draft.state, draft.event, draft.revealed_at) == ("draft", event, None)


@pytest.mark.parametrize("closed", [False, True])
def test_editor_offers_to_save_only_while_it_can_be(sign_in, event, author, draft, closed):
    if closed:
        close_phase(event, "submission")
    url = reverse("entries:edit", args=[event.slug, draft.pk])
    page = sign_in(author).get(url).content.decode()
    assert ("nothing can be saved any more" in page, "Save draft" in page) == (closed, not closed)


def test_submit_shows_the_receipt(sign_in, event, author, draft):
    url = reverse("entries:submit", args=[event.slug, draft.pk])
    page = sign_in(author).post(url, follow=True).content.decode()
    assert draft.versions.get().sha256[:16] in page


def test_submit_by_get_changes_nothing(sign_in, event, author, draft):
    url = reverse("entries:submit", args=[event.slug, draft.pk])
    assert sign_in(author).get(url).status_code == 405
    assert not draft.versions.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_organizer_list_takes_the_same_queries_for_one_and_three(
    sign_in, event, organizer, submission, count, django_assert_num_queries
):
    for n in range(1, count):
        Submission.objects.filter(pk=submission.pk).update(track=event.tracks.last())
        copy = Submission.objects.get(pk=submission.pk)
        copy.pk, copy.title, copy.state = None, f"Copy {n}", "submitted"
        copy.team = event.teams.create(name=f"Team {n}")
        copy.save(force_insert=True)
    browser = sign_in(organizer)
    url = reverse("entries:list", args=[event.slug])
    browser.get(url)
    with django_assert_num_queries(21):
        page = browser.get(url).content.decode()
    assert page.count("<tr>") == count + 1


def test_own_list_with_more_entries_needs_no_more_queries(
    sign_in, author, event, draft, django_assert_num_queries
):
    path, browser = f"/events/{event.slug}/submissions/mine/", sign_in(author)
    with CaptureQueriesContext(connection) as one:
        browser.get(path)
    web = event.tracks.get(slug="web")
    actions.create_draft(author, event, track=web, title="Second")
    with django_assert_num_queries(len(one)):
        assert "Second" in browser.get(path).content.decode()
