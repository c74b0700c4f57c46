"""Several categories for one submission, and that all of it is of one event."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from submissions.entries import actions
from submissions.entries.models import EntryType, FurtherTrack, Submission
from tests.conftest import make_event
from tests.entries.test_actions import content
from theme.refusal import Refused


@pytest.fixture
def several(draft):
    """The author's draft, of a type that may enter several categories; it competes in Tools."""
    EntryType.objects.update(several_tracks=True)
    draft.entry_type.refresh_from_db()
    return draft


def test_further_categories_are_written_kept_in_versions_and_found(
    author, organizer, event, several, sign_in
):
    browser = sign_in(author)
    url = reverse("entries:edit", args=[event.slug, several.pk])
    assert "Further categories" in browser.get(url).content.decode()
    told = {name: value for name, value in several.content.items() if isinstance(value, str)}
    told |= {"track": several.track_id, "more_tracks": ["tools", "web"], "revision": 1}
    browser.post(url, told | {"then": "submit"})
    version = several.versions.get()
    assert version.content["more_tracks"] == ["web"]  # without the one it competes in
    assert version.sha256 == actions.content_hash(Submission.objects.get(pk=several.pk))
    assert "Tools · Web" in browser.get(several.get_absolute_url()).content.decode()
    lists = sign_in(organizer)
    for track in ("tools", "web"):
        page = lists.get(reverse("entries:list", args=[event.slug]), {"track": track})
        assert several.title in page.content.decode()


def test_working_copy_keeps_further_categories_until_they_are_handed_in(author, several):
    actions.submit(author, several)
    actions.autosave(author, several, revision=1, seen={}, values={"more_tracks": ["web"]})
    assert list(several.more_tracks.all()) == []
    actions.submit(author, several)
    assert [track.slug for track in several.more_tracks.all()] == ["web"]


@pytest.mark.parametrize(
    ("slug", "allowed", "code"),
    [
        ("web", False, "submission.one_track"),
        ("foreign", True, "submission.foreign_track"),
    ],
)
def test_further_category_that_is_not_for_it_is_refused(author, draft, slug, allowed, code):
    make_event("winter").tracks.create(slug="foreign", name="Foreign")
    EntryType.objects.update(several_tracks=allowed)
    with pytest.raises(Refused) as refused:
        actions.save_draft(author, draft, revision=1, **content(draft) | {"more_tracks": [slug]})
    assert refused.value.code == code
    draft.refresh_from_db()
    assert draft.revision == 1


@pytest.mark.parametrize("what", ["track", "team", "entry_type", "further"])
def test_database_refuses_what_is_of_another_event(event, draft, what):
    """I9: whichever code writes it."""
    other = make_event("winter")

    def write() -> None:
        changed = {
            "track": lambda: dict(track=other.tracks.first()),
            "team": lambda: dict(team=other.teams.create(name="Foreign")),
            "entry_type": lambda: dict(entry_type=other.entry_types.first()),
        }
        if what == "further":
            track = other.tracks.first()
            FurtherTrack.objects.create(event=event, submission=draft, track=track)
        else:
            Submission.objects.filter(pk=draft.pk).update(**changed[what]())
        connection.check_constraints()  # PostgreSQL looks at the end of a transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        write()
