"""Several categories for one submission, and that all of it is of one event."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from submissions.entries import actions, organizing
from submissions.entries.models import EntryType, FurtherTrack, Submission
from tests.conftest import make_event
from tests.entries.test_actions import content
from theme.refusal import Refused


@pytest.fixture
def several(draft):
    """The author's draft, of a type that may enter several categories; Tools first."""
    EntryType.objects.update(several_tracks=True)
    draft.entry_type.refresh_from_db()
    return draft


def complete(draft):
    Submission.objects.filter(pk=draft.pk).update(summary="Short.", description="Long.")
    return Submission.objects.get(pk=draft.pk)


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
    assert version.content["more_tracks"] == ["web"]  # without the first one
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


def test_team_is_in_each_category_once_first_or_further(author, organizer, event, several):
    """I5: whichever of its submissions it is, and whoever puts it there."""
    web = event.tracks.get(slug="web")
    actions.save_draft(author, several, revision=1, **content(several) | {"more_tracks": ["web"]})
    told = {"title": "Second", "entry_type": several.entry_type}
    with pytest.raises(Refused, match="another submission in “Web”"):
        actions.create_draft(author, event, track=web, **told)
    own = event.tracks.create(slug="own", name="Own", position=3)
    second = actions.create_draft(author, event, track=own, **told)
    with pytest.raises(Refused, match="another submission in “Web”"):
        actions.save_draft(author, second, revision=1, **content(second) | {"more_tracks": ["web"]})
    for one in (several, second):
        actions.submit(author, complete(one))
    with pytest.raises(Refused, match="has another submission in “Web”"):
        organizing.move_to_track(organizer, event, [second], track=web)
    organizing.move_to_track(organizer, event, [several], track=web)
    found = Submission.objects.with_categories().get(pk=several.pk)
    assert [track.slug for track in found.categories] == ["web"]
    assert list(Submission.objects.in_tracks([web])) == [found]


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
