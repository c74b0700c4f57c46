import pytest
from django.core.management import CommandError, call_command

from events.models import Event, Phase
from events.rules import can_run, is_open
from tests.conftest import make_user

GOOD = """
slug: spring
name: Spring hackathon
state: published
timezone: Europe/Oslo
tracks:
  - {slug: tools, name: Tools}
  - {slug: web, name: Web}
phases:
  registration: [2020-01-01T00:00:00Z, 2099-01-01T00:00:00Z]
  submission: [2020-01-01T00:00:00Z, 2020-02-01T00:00:00Z]
"""


@pytest.fixture
def load(db, tmp_path):
    owner = make_user("owner")

    def imported(text: str, owner_email: str = owner.email) -> Event:
        path = tmp_path / "event.yaml"
        path.write_text(text)
        call_command("import_event", str(path), owner=owner_email, verbosity=0)
        return Event.objects.get()

    return imported


def test_import_makes_event_tracks_phases_and_owner(load):
    event = load(GOOD)
    assert [t.name for t in event.tracks.all()] == ["Tools", "Web"]
    assert is_open(event, Phase.Kind.REGISTRATION)
    assert not is_open(event, Phase.Kind.SUBMISSION)
    assert can_run(event.roles.get().user, event)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("slug: spring", "slug: 'no slug!'"), "valid “slug”"),
        (("Europe/Oslo", "Mars/Olympus"), "is not a time zone"),
        (("registration:", "breakfast:"), "phase breakfast"),
        (("2020-02-01T00", "2019-02-01T00"), "phase submission"),
        (("slug: web", "slug: tools"), "track 2"),
        (("name: Tools", "nom: Tools"), "nom"),
        (("tracks:", "tracks: ["), "is not YAML"),
        (("{slug: web, name: Web}", "web"), "track 2: must be a mapping"),
        (("2020-02-01T00:00:00Z", "2020-02-01 00:00:00"), "phase submission: write .* with a zone"),
        (("[2020-01-01T00:00:00Z, 2099-01-01T00:00:00Z]", "5"), "phase registration: write"),
        (("phases:", "5: 6\nphases:"), "event: keywords must be strings"),
    ],
)
def test_import_of_a_wrong_file_says_where_and_leaves_nothing(load, change, sentence):
    with pytest.raises(CommandError, match=sentence):
        load(GOOD.replace(*change))
    assert not Event.objects.exists()


def test_import_of_a_list_is_refused(load):
    with pytest.raises(CommandError, match="mapping"):
        load("- a\n- b\n")


def test_import_of_a_missing_file_is_said(db):
    owner = make_user("owner")
    with pytest.raises(CommandError, match=r"cannot be read: No such file"):
        call_command("import_event", "nowhere.yaml", owner=owner.email)


def test_import_for_an_unknown_owner_is_refused(load):
    with pytest.raises(CommandError, match="sign up first"):
        load(GOOD, owner_email="nobody@example.org")
