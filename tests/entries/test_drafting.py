"""A draft that saves itself, several writers at once, and what happens at the deadline."""

import json
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Phase
from notices.models import AuditEntry, Mail
from submissions.entries import actions, deadline
from submissions.entries.drafting import working_values
from submissions.entries.merging import mark, marks, merge
from submissions.entries.models import Submission, WorkingCopy
from tests.conftest import close_phase
from theme.refusal import Refused


def autosave(user, submission, seen=None, **values):
    submission.refresh_from_db()
    seen = marks(working_values(submission)) if seen is None else seen
    return actions.autosave(
        user, submission, revision=submission.revision, seen=seen, values=values
    )


def test_merge_keeps_what_each_changed_alone_and_tells_what_both_did():
    """B85: every way two people and one field can meet."""
    seen = marks({"same": "a", "mine": "a", "theirs": "a", "both": "a", "alike": "a"})
    mine = {"same": "a", "mine": "b", "theirs": "a", "both": "b", "alike": "c"}
    theirs = {"same": "a", "mine": "a", "theirs": "b", "both": "c", "alike": "c"}
    done = merge(mine, theirs, seen)
    assert done.values == {"same": "a", "mine": "b", "theirs": "b", "both": "c", "alike": "c"}
    assert done.taken == {"theirs": "b"}
    assert done.conflicts == {"both": "c"}


def test_mark_does_not_mind_how_a_browser_ends_lines():
    assert mark("a\r\nb ") == mark("a\nb")


def test_two_writers_of_different_fields_lose_nothing(author, mate, draft):
    began = marks(working_values(draft))
    autosave(author, draft, began, summary="By the author.")
    _saved, merged = autosave(mate, draft, began, summary=draft.summary, demo_url="https://d.org")
    draft.refresh_from_db()
    assert (draft.summary, draft.demo_url) == ("By the author.", "https://d.org")
    assert merged.conflicts == {}


def test_two_writers_of_one_field_keep_the_first_and_tell_the_second(author, mate, draft):
    began = marks(working_values(draft))
    autosave(author, draft, began, summary="First.")
    _saved, merged = autosave(mate, draft, began, summary="Second.")
    draft.refresh_from_db()
    assert draft.summary == "First."
    assert merged.conflicts == {"summary": "First."}


def test_late_autosave_of_the_same_page_changes_nothing(author, draft):
    """B87: the older of two requests arrives last."""
    began = marks(working_values(draft))
    autosave(author, draft, began, description="Two words.")
    autosave(author, draft, began, description="Two")
    draft.refresh_from_db()
    assert draft.description == "Two words."


def test_autosave_of_what_is_handed_in_leaves_it_until_somebody_hands_in(author, submission):
    """B87."""
    autosave(author, submission, summary="Being written.")
    submission.refresh_from_db()
    assert submission.summary == "Finds broken sensors."
    assert submission.versions.count() == 1
    assert working_values(submission)["summary"] == "Being written."
    assert actions.submit(author, submission).content["summary"] == "Being written."
    assert not WorkingCopy.objects.exists()


def test_discarded_changes_leave_what_is_handed_in(author, submission):
    autosave(author, submission, summary="Being written.")
    actions.discard_changes(author, submission)
    assert working_values(submission)["summary"] == "Finds broken sensors."


def test_page_saves_what_is_in_order_and_tells_what_is_not(sign_in, event, author, draft):
    url = reverse("entries:autosave", args=[event.slug, draft.pk])
    told = {"title": "Kestrel", "summary": "New.", "demo_url": "javascript:1", "track": ""}
    answer = sign_in(author).post(url, told | {"seen": json.dumps(marks(working_values(draft)))})
    page = unescape(answer.content.decode())
    draft.refresh_from_db()
    assert draft.summary == "New."
    assert "Demo: Write a full web address" in page
    assert draft.track is not None


def test_page_that_saves_after_the_deadline_says_so(sign_in, event, author, draft):
    close_phase(event, Phase.Kind.SUBMISSION)
    url = reverse("entries:autosave", args=[event.slug, draft.pk])
    page = sign_in(author).post(url, {"title": "Kestrel", "summary": "Late."}).content.decode()
    assert "Submissions are closed. Your draft is kept as you saved it last." in page
    assert "still in the form" in page


def test_taking_theirs_ends_a_conflict(sign_in, event, author, draft):
    url = reverse("entries:edit", args=[event.slug, draft.pk])
    began = json.dumps(marks(working_values(draft)))
    browser, track = sign_in(author), draft.track_id
    told = {"title": "Kestrel", "description": draft.description, "track": track, "seen": began}
    browser.post(url, told | {"summary": "Theirs."})
    page = browser.post(url, told | {"summary": "Mine."}).content.decode()
    assert "Take this instead of mine" in page
    browser.post(url, told | {"summary": "Mine.", "take": "summary"})
    draft.refresh_from_db()
    assert draft.summary == "Theirs."


def test_begin_sent_twice_makes_one_draft(author, event, team, track):
    """F32: the key of the request names what it made."""
    made = {
        actions.create_draft(author, event, track=track, title="Once", key="k").pk for _ in "ab"
    }
    assert made == {Submission.objects.get().pk}


def test_submit_sent_again_later_gets_the_receipt_it_had(author, draft):
    """F32, although the text has changed since."""
    first = actions.submit(author, draft, key="k")
    autosave(author, draft, summary="Changed since.")
    assert actions.submit(author, draft, key="k") == first
    assert actions.submit(author, draft, key="l") != first


def test_receipt_goes_to_the_whole_team_once(author, mate, draft):
    """I4: time and hash."""
    version = actions.submit(author, draft)
    actions.submit(author, draft)
    mails = Mail.objects.filter(cause=f"receipt:{version.pk}")
    assert {mail.address for mail in mails} == {author.email, mate.email}
    assert version.sha256 in mails[0].text


def test_version_within_the_grace_says_by_how_much(author, event, draft):
    """B80."""
    closed = timezone.now() - timedelta(seconds=30)
    event.phases.filter(kind=Phase.Kind.SUBMISSION).update(closes_at=closed)
    version = actions.submit(author, draft)
    assert timedelta(seconds=29) < version.late_by < timedelta(seconds=110)


def test_deadline_hands_in_what_is_complete_once_and_tells_the_others(author, event, draft):
    """B81."""
    web = event.tracks.get(slug="web")
    bare = actions.create_draft(author, event, track=web, title="Bare")
    deadline.strike()
    assert not draft.versions.exists()  # not yet due
    close_phase(event, Phase.Kind.SUBMISSION)
    deadline.strike()
    deadline.strike()
    assert (draft.versions.get().submitted_by, draft.versions.get().late_by) == (None, None)
    assert not bare.versions.exists()
    assert Mail.objects.get(subject="Not handed in: Bare").text.count("summary, description") == 1


def test_reopened_submission_takes_changes_and_only_that_one(author, organizer, event, draft):
    close_phase(event, Phase.Kind.SUBMISSION)
    until = timezone.now() + timedelta(hours=1)
    for wrong in ({"until": timezone.now(), "reason": "x"}, {"until": until, "reason": " "}):
        with pytest.raises(Refused):
            actions.reopen(organizer, draft, **wrong)
    actions.reopen(organizer, draft, until=until, reason="Their network was down.")
    assert actions.submit(author, draft)
    assert AuditEntry.objects.get(verb="reopen").details["reason"] == "Their network was down."
    with pytest.raises(Refused):
        actions.create_draft(author, event, track=event.tracks.get(slug="web"), title="Another")


def test_reopening_by_its_author_is_refused(author, draft):
    with pytest.raises(Refused) as refused:
        actions.reopen(author, draft, until=timezone.now() + timedelta(hours=1), reason="Please.")
    assert refused.value.code == "submission.not_yours"


def test_withdrawn_is_restored_as_a_draft(author, submission):
    actions.withdraw(author, submission)
    assert actions.restore(author, submission).state == Submission.State.DRAFT
    assert actions.submit(author, submission).number == 2  # handed in anew, with its own receipt


def test_difference_of_versions_is_shown_to_the_authors(sign_in, author, submission):
    autosave(author, submission, summary="Finds broken pumps.")
    actions.submit(author, submission)
    url = reverse("entries:version", args=[submission.event.slug, submission.pk, 2])
    page = sign_in(author).get(url).content.decode()
    assert "<del>sensors.</del><ins>pumps.</ins>" in page


def test_what_was_kept_beside_it_is_the_draft_when_it_is_restored(author, submission):
    """And what is written then is what is handed in."""
    autosave(author, submission, summary="Being written.")
    actions.withdraw(author, submission)
    draft = actions.restore(author, submission)
    assert draft.summary == "Being written."
    autosave(author, draft, summary="Written.")
    draft.refresh_from_db()
    assert working_values(draft)["summary"] == "Written."
    assert actions.submit(author, draft).content["summary"] == "Written."


def test_save_by_itself_asks_the_database_little(
    sign_in, author, draft, django_assert_max_num_queries
):
    """A thousand pages do it every few seconds before a deadline."""
    browser, base = sign_in(author), draft.get_absolute_url()
    told = {"track": draft.track_id, "title": "Kestrel", "revision": 1, "seen": "{}"}
    with django_assert_max_num_queries(24):
        answer = browser.post(f"{base}autosave/", told | {"description": "Longer."})
    assert "Saved" in answer.content.decode()
    assert Submission.objects.get().description == "Longer."
