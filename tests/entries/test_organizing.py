"""The organizers' table, what is done in bulk, look-alikes, export, search."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from notices.models import Mail
from submissions.entries import actions, deciding, duplicates, organizing
from submissions.entries.entry_types import TALK, create_type
from submissions.entries.models import Decision, DraftDecision, Submission
from submissions.entries.searching import search
from theme.refusal import Refused


@pytest.fixture
def talks(event, author, organizer):
    """Two talks that are handed in."""
    kind = create_type(organizer, event, **TALK)
    made = []
    for title, about in (("State of PyTorch", "Where it stands"), ("TorchAudio", "Sound")):
        told = {"title": title, "summary": about, "description": f"{about} in the year 2021."}
        draft = actions.create_draft(author, event, entry_type=kind, **told)
        actions.submit(author, draft)
        made.append(Submission.objects.get(pk=draft.pk))
    return made


def post(browser, event, page, /, **told):
    return browser.post(reverse(f"entries:{page}", args=[event.slug]), told, follow=True)


def test_decisions_are_drafted_in_bulk_and_seen_when_released(
    sign_in, organizer, author, event, talks
):
    browser, keys = sign_in(organizer), [str(one.pk) for one in talks]
    page = post(browser, event, "bulk", pk=keys, action="draft:accepted").content.decode()
    assert "2 draft decisions that only organizers see" in page
    own = sign_in(author).get(talks[0].get_absolute_url()).content.decode()
    assert "Accepted" not in own
    post(browser, event, "release")
    own = sign_in(author).get(talks[0].get_absolute_url()).content.decode()
    assert "Accepted" in own
    assert "Confirm: we will be there" in own
    subject = f"{talks[0].title}: Accepted"
    assert Mail.objects.get(subject=subject).address == author.email


def test_bulk_over_one_that_cannot_be_decided_changes_none(
    sign_in, organizer, event, talks, submission
):
    keys = [str(talks[0].pk), str(submission.pk)]
    page = post(sign_in(organizer), event, "bulk", pk=keys, action="draft:accepted")
    assert "This is not yours to decide." in page.content.decode()
    assert not DraftDecision.objects.exists()


def test_bulk_over_a_submission_of_another_event_finds_nothing(
    sign_in, organizer, other_event, event, submission
):
    theirs = {"entry_type": other_event.entry_types.first(), "track": None}
    theirs["team"] = other_event.teams.create(name="Theirs")
    Submission.objects.filter(pk=submission.pk).update(event=other_event, **theirs)
    keys = [str(submission.pk), "x"]
    page = post(sign_in(organizer), event, "bulk", pk=keys, action="label", label="odd")
    assert "Choose at least one row." in page.content.decode()


def test_labels_filters_and_notes_are_the_organizers_own(
    sign_in, organizer, author, event, submission
):
    browser = sign_in(organizer)
    post(browser, event, "bulk", pk=[str(submission.pk)], action="label", label="check twice")
    post(browser, event, "filters", name="To check", query="label=check+twice")
    page = browser.get(reverse("entries:list", args=[event.slug]), {"label": "check twice"})
    assert "Kestrel" in page.content.decode()
    assert "?label=check+twice" in page.content.decode()
    organizing.write_note(organizer, submission, text="Ask them for the code.")
    assert "Ask them" in browser.get(submission.get_absolute_url()).content.decode()
    own = sign_in(author).get(submission.get_absolute_url()).content.decode()
    assert "Ask them" not in own
    assert "check twice" not in own


def test_track_is_moved_unless_the_type_may_not_enter(organizer, event, submission, talks):
    web = event.tracks.get(slug="web")
    organizing.move_to_track(organizer, event, [submission], track=web)
    submission.refresh_from_db()
    assert submission.track == web
    with pytest.raises(Refused) as refused:
        organizing.move_to_track(organizer, event, talks, track=web)
    assert refused.value.code == "submission.foreign_track"


def test_export_runs_nothing_in_a_spreadsheet(sign_in, organizer, event, submission):
    """B52."""
    Submission.objects.filter(pk=submission.pk).update(title="=1+1", summary='a "b", c')
    url = reverse("entries:export_csv", args=[event.slug])
    text = sign_in(organizer).get(url).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["title"], row["summary"]) == ("'=1+1", 'a "b", c')
    told = sign_in(organizer).get(reverse("entries:export_json", args=[event.slug])).json()
    assert told["submissions"][0]["title"] == "=1+1"


def test_same_repository_and_similar_words_are_pointed_out(submission, talks):
    first, second = talks
    submission.repository_url = "https://github.com/a/b.git"
    first.repository_url = "https://www.github.com/A/b/"
    second.title, second.summary = submission.title, submission.summary
    found = {(str(p.first), str(p.why)) for p in duplicates.pairs([submission, first, second])}
    assert found == {("Kestrel", "the same repository"), ("Kestrel", "similar words")}


def test_same_file_is_pointed_out(author, submission, talks):
    first, second = talks
    for one in (submission, second):
        file = SimpleUploadedFile(f"{one.pk}.ipynb", b'{"cells": []}')
        actions.attach(author, one, file=file)
    (pair,) = duplicates.pairs([submission, first, second])
    assert {pair.first, pair.second} == {submission, second}
    assert str(pair.why) == "the same file"


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("sounding", ["TorchAudio"]),  # its inflection
        ("year -sound", ["State of PyTorch"]),
        ("", ["State of PyTorch", "TorchAudio"]),
        ("'; drop table", []),
    ],
)
def test_search_finds_words_in_any_field(talks, words, titles):
    found = search(Submission.objects.filter(entry_type__kind="talk"), words)
    assert sorted(one.title for one in found) == titles


def test_rejected_talk_is_not_revealed_with_the_results(organizer, stranger, event, talks):
    for talk, to in zip(talks, (Decision.ACCEPTED, Decision.REJECTED), strict=True):
        deciding.move(organizer, talk, to=to)
    actions.reveal(organizer, event)
    assert [one.title for one in Submission.objects.visible_to(stranger)] == ["State of PyTorch"]
